/// Where the chunks of a variable lie, read from the bytes of the file (HDF5 File Format Specification 3.0: III.A.1
/// version 1 B-trees, IV.A object headers).
///
/// The library of Debian 12 goes through all chunks before the one that is asked for, so that asking it for each of
/// thousands takes longer than decoding them. This knows the one index that netCDF writes; all else gives nil.
struct ChunkIndex {
    private let file: OpenedFile
    private let chunkShape: [Int]
    private let counts: [Int]
    private let elementByteCount: Int
    private var places: [ChunkPlace]
    private var found = 0

    private static let undefined = UInt64.max

    /// The places of all chunks in row-major order of their grid.
    ///
    /// - Parameters:
    ///   - header: address of the object header of the variable.
    ///   - counts: chunks along each dimension; their product fits an `Int`.
    static func places(
        _ file: OpenedFile,
        header: UInt64,
        chunkShape: [Int],
        counts: [Int],
        elementByteCount: Int
    ) -> [ChunkPlace]? {
        var index = ChunkIndex(
            file: file,
            chunkShape: chunkShape,
            counts: counts,
            elementByteCount: elementByteCount,
            places: [ChunkPlace](repeating: .unwritten, count: counts.reduce(1, *))
        )
        guard let root = ObjectHeader(file, address: header)?.chunkLayout.flatMap(index.root) else {
            return nil
        }
        guard root == undefined || index.visit(root, level: nil) else { return nil }
        return index.places
    }

    /// Address of the tree, by a layout message of version 3 (IV.A.2.i).
    private func root(_ layout: FileBytes) -> UInt64? {
        let rank = chunkShape.count
        guard layout.number(at: 0, 1) == 3, layout.number(at: 1, 1) == 2,
            layout.number(at: 2, 1) == UInt64(rank + 1)
        else { return nil }
        let lengths = chunkShape + [elementByteCount]
        for (dimension, length) in lengths.enumerated() {
            guard layout.number(at: 11 + 4 * dimension, 4) == UInt64(length) else { return nil }
        }
        return layout.number(at: 3, 8)
    }

    /// False for a node that is damaged or tells the same chunk twice.
    ///
    /// - Parameter level: what the parent says; nil for the root.
    private mutating func visit(_ address: UInt64, level expected: UInt64?) -> Bool {
        let entryLength = 16 + 8 * (chunkShape.count + 1)
        guard let head = FileBytes(file, at: address, count: 24), head.starts(with: "TREE"),
            head.number(at: 4, 1) == 1, let level = head.number(at: 5, 1), expected ?? level == level,
            let entries = head.number(at: 6, 2).map(Int.init),
            let node = FileBytes(file, at: address + 24, count: entries * entryLength)
        else { return false }
        for entry in stride(from: 0, to: entries * entryLength, by: entryLength) {
            guard let child = node.number(at: entry + entryLength - 8, 8) else { return false }
            guard level == 0 ? take(node, entry, child) : visit(child, level: level - 1) else { return false }
        }
        // A node without entries could be told again and again.
        return entries > 0
    }

    private mutating func take(_ node: FileBytes, _ entry: Int, _ address: UInt64) -> Bool {
        guard let size = node.number(at: entry, 4), let mask = node.number(at: entry + 4, 4),
            let offset = Int(exactly: address)
        else { return false }
        var place = 0
        for dimension in chunkShape.indices {
            guard let start = node.number(at: entry + 8 + 8 * dimension, 8) else { return false }
            let (index, rest) = start.quotientAndRemainder(dividingBy: UInt64(chunkShape[dimension]))
            guard rest == 0, index < counts[dimension] else { return false }
            place = place * counts[dimension] + Int(index)
        }
        guard case .unwritten = places[place] else { return false }
        places[place] = ChunkPlace(
            offset: offset,
            byteCount: UInt32(truncatingIfNeeded: size),
            skippedFilters: UInt32(truncatingIfNeeded: mask)
        )
        return true
    }
}

/// What an object header says of the layout of its data.
private struct ObjectHeader {
    /// The message that tells where the data are.
    private(set) var chunkLayout: FileBytes?
    private let file: OpenedFile
    private var isFirstVersion = false
    private var hasOrder = false
    private var blocks = 0
    private static let (layoutKind, continuationKind): (UInt64, UInt64) = (0x08, 0x10)

    init?(_ file: OpenedFile, address: UInt64) {
        self.file = file
        guard let head = FileBytes(file, at: address, count: 16) else { return nil }
        let isRead = head.starts(with: "OHDR") ? readSecond(head, address) : readFirst(head, address)
        guard isRead, chunkLayout != nil else { return nil }
    }

    private mutating func readFirst(_ head: FileBytes, _ address: UInt64) -> Bool {
        guard head.number(at: 0, 1) == 1, let length = head.number(at: 8, 4) else { return false }
        isFirstVersion = true
        return readMessages(address + 16, Int(length))
    }

    private mutating func readSecond(_ head: FileBytes, _ address: UInt64) -> Bool {
        guard head.number(at: 4, 1) == 2, let flags = head.number(at: 5, 1) else { return false }
        hasOrder = flags & 4 != 0
        // Four times, and the numbers at which attributes are stored otherwise.
        let start = 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
        let width = 1 << Int(flags & 3)
        guard let length = FileBytes(file, at: address + UInt64(start), count: width)?.number(at: 0, width)
        else { return false }
        return readMessages(address + UInt64(start + width), Int(clamping: length))
    }

    private mutating func readMessages(_ address: UInt64, _ length: Int) -> Bool {
        blocks += 1
        guard blocks < 100, let bytes = FileBytes(file, at: address, count: length) else { return false }
        let headLength = isFirstVersion ? 8 : hasOrder ? 6 : 4
        let (kindWidth, flagsPlace) = isFirstVersion ? (2, 4) : (1, 3)
        var place = 0
        while place + headLength <= length {
            guard let kind = bytes.number(at: place, kindWidth),
                let size = bytes.number(at: place + kindWidth, 2),
                let flags = bytes.number(at: place + flagsPlace, 1),
                let message = bytes.part(place + headLength, Int(size))
            else { return false }
            // Where a message is shared, its bytes tell where it lies.
            let isShared = flags & 2 != 0
            if kind == Self.layoutKind {
                guard !isShared, chunkLayout == nil else { return false }
                chunkLayout = message
            } else if kind == Self.continuationKind {
                guard !isShared, readContinuation(message) else { return false }
            }
            place += headLength + Int(size)
        }
        return true
    }

    private mutating func readContinuation(_ message: FileBytes) -> Bool {
        guard let address = message.number(at: 0, 8), let length = message.number(at: 8, 8),
            let count = Int(exactly: length)
        else { return false }
        if isFirstVersion { return readMessages(address, count) }
        // A signature before and a checksum behind.
        guard count >= 8, FileBytes(file, at: address, count: 4)?.starts(with: "OCHK") == true else {
            return false
        }
        return readMessages(address + 4, count - 8)
    }
}

/// Bytes of a file, with whole numbers as HDF5 stores them, least byte first.
private struct FileBytes {
    private let bytes: ArraySlice<UInt8>

    /// Nil where the file ends before. No index or header is longer than a few pages.
    init?(_ file: OpenedFile, at address: UInt64, count: Int) {
        guard let offset = Int(exactly: address), count <= 1 << 24, file.holds(count, at: offset) else {
            return nil
        }
        let isRead: Bool
        (bytes, isRead) = Self.read(file, offset, count)
        guard isRead else { return nil }
    }

    private init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    private static func read(_ file: OpenedFile, _ offset: Int, _ count: Int) -> (ArraySlice<UInt8>, Bool) {
        var isRead = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            isRead = (try? file.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset, of: "")) != nil
            initialized = isRead ? count : 0
        }
        return (bytes[...], isRead)
    }

    func starts(with signature: String) -> Bool { bytes.starts(with: signature.utf8) }

    func part(_ start: Int, _ count: Int) -> FileBytes? {
        guard start >= 0, count >= 0, start + count <= bytes.count else { return nil }
        return FileBytes(bytes.dropFirst(start).prefix(count))
    }

    /// - Parameter width: in bytes, at most eight.
    func number(at place: Int, _ width: Int) -> UInt64? {
        guard place >= 0, place + width <= bytes.count else { return nil }
        let start = bytes.startIndex + place
        return bytes[start..<(start + width)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
