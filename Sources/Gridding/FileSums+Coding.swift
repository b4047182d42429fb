public import Geo
import Observations
import Quantities

extension FileSums {
    private static let magic: UInt64 = 0x4d55_5353_4457_4331
    private static let version: UInt16 = 3
    /// Pages of the index of cells in all windows together; 256 MiB.
    private static let largestIndex = 1 << 26

    /// The sums as bytes: the same for the same sums, however they came about. Overpasses are closed before.
    public func encoded() -> [UInt8] {
        var sums = self
        sums.finish()
        var writer = ByteWriter()
        writer.write(Self.magic)
        writer.write(Self.version)
        sums.plan.write(to: &writer)
        sums.writeDescription(to: &writer)
        if let kind { sums.writeCells(kind, to: &writer) }
        writer.write(checksum(writer.bytes[...]))
        return writer.bytes
    }

    private func writeDescription(to writer: inout ByteWriter) {
        for count in [tally.read, tally.used, tally.reordered] { writer.write(Int64(count)) }
        writer.write(UInt32(tally.rejected.count))
        for (reason, count) in tally.rejected.sorted(by: { $0.key < $1.key }) {
            writer.write(reason.rawValue)
            writer.write(Int64(count))
        }
        for names in [products, platforms, builds] { writer.write(names) }
        writer.write(UInt64(ids.count))
        writer.write(ids.first)
        writer.write(ids.last)
        writer.write(ids.steps)
        writer.write(kind == nil ? UInt8(0) : 1)
        guard let kind else { return }
        writer.write(kind.gas.rawValue)
        writer.write(kind.scale.rawValue)
        writer.write(UInt32(kind.levels))
        writer.write(kind.support.rawValue)
    }

    private func writeCells(_ kind: SoundingKind, to writer: inout ByteWriter) {
        let filled = windows.filter { !$0.sums.cells.isEmpty }.sorted { $0.window < $1.window }
        writer.write(UInt32(filled.count))
        for entry in filled {
            writer.write(entry.window)
            writer.write(entry.times?.lowerBound.microseconds ?? 0)
            writer.write(entry.times?.upperBound.microseconds ?? 0)
            writer.write(UInt32(entry.sums.cells.count))
            let order = kind.layout.storedOrder
            for slot in entry.sums.orderedSlots {
                writer.write(entry.sums.cells[slot])
                entry.sums.sums[slot].write(to: &writer)
                for place in order { writer.write(entry.sums.profiles[slot, place]) }
            }
            writer.write(UInt32(entry.sums.lackingPrior.count))
            for cell in entry.sums.lackingPrior.sorted() { writer.write(cell) }
        }
    }

    /// Reads what ``encoded()`` wrote.
    ///
    /// - Parameter known: the grid of the run; sums of a projected grid can be read where they are on the same.
    /// - Throws: ``GriddingError/damagedSums(_:)``, ``GriddingError/differentGrid``.
    public init(decoding bytes: [UInt8], on known: CellGrid? = nil) throws(GriddingError) {
        guard bytes.count >= 18 else { throw .damagedSums("cut off") }
        var reader = ByteReader(bytes)
        guard try reader.integer(UInt64.self) == Self.magic else {
            throw .damagedSums("not sums of soundings")
        }
        let version = try reader.integer(UInt16.self)
        guard version == Self.version else { throw .damagedSums("version \(version)") }
        var tail = ByteReader(Array(bytes.suffix(8)))
        guard try tail.integer() == checksum(bytes[..<(bytes.count - 8)]) else {
            throw .damagedSums("checksum differs")
        }
        self.init(try GriddingPlan(from: &reader, on: known))
        try readTally(&reader)
        products = try reader.texts()
        platforms = try reader.texts()
        builds = try reader.texts()
        try readIDs(&reader)
        if let kind = try Self.kind(&reader) {
            try readCells(kind, &reader)
            self.kind = kind
        }
        guard reader.remaining == 8 else { throw .damagedSums("too long") }
    }

    private mutating func readTally(_ reader: inout ByteReader) throws(GriddingError) {
        tally.read = try Self.count(&reader)
        tally.used = try Self.count(&reader)
        tally.reordered = try Self.count(&reader)
        for _ in 0..<(try reader.integer(UInt32.self)) {
            let reason = try reader.named(RejectionReason.self)
            guard tally.rejected.updateValue(try Self.count(&reader), forKey: reason) == nil else {
                throw .damagedSums("a reason comes twice")
            }
        }
    }

    private mutating func readIDs(_ reader: inout ByteReader) throws(GriddingError) {
        let number = try reader.integer(UInt64.self)
        let (first, last) = (try reader.integer(UInt64.self), try reader.integer(UInt64.self))
        let steps = try reader.array()
        guard let count = Int(exactly: number),
            let ids = SoundingIDs(count: count, first: first, last: last, steps: steps)
        else { throw .damagedSums("identifiers do not ascend") }
        self.ids = ids
    }

    private static func kind(_ reader: inout ByteReader) throws(GriddingError) -> SoundingKind? {
        guard try reader.integer(UInt8.self) != 0 else { return nil }
        let gas = try reader.named(Gas.self)
        let scale = CalibrationScale(rawValue: try reader.text())
        let levels = try reader.integer(UInt32.self)
        guard levels <= 10_000 else { throw .damagedSums("\(levels) levels") }
        return SoundingKind(
            gas: gas,
            scale: scale,
            levels: Int(levels),
            support: try reader.named(ProfileSupport.self)
        )
    }

    private mutating func readCells(_ kind: SoundingKind, _ reader: inout ByteReader) throws(GriddingError) {
        let size = 4 + CellSums.encodedSize + 16 * kind.layout.stride
        let number = try reader.integer(UInt32.self)
        let windowCount = try reader.count(ofSize: 24 + size, UInt64(number))
        guard windowCount * (plan.grid.cellCount / 1024 + 1) <= Self.largestIndex else {
            throw .damagedSums("too many windows of so fine a grid")
        }
        var previous: Int32?
        for _ in 0..<windowCount {
            let window = try reader.integer(Int32.self)
            guard previous.map({ $0 < window }) ?? true else { throw .damagedSums("windows do not ascend") }
            previous = window
            let times = (try reader.integer(Int64.self), try reader.integer(Int64.self))
            guard times.0 <= times.1 else { throw .damagedSums("ends before it begins") }
            let cells = try reader.integer(UInt32.self)
            let count = try reader.count(ofSize: size, UInt64(cells))
            let place = position(of: window, kind)
            windows[place].include(Instant(microseconds: times.0)...Instant(microseconds: times.1))
            try windows[place].sums.read(count, cellCount: plan.grid.cellCount, &reader)
            try windows[place].sums.readLackingPrior(&reader)
        }
    }

    private static func count(_ reader: inout ByteReader) throws(GriddingError) -> Int {
        let number = try reader.integer(Int64.self)
        // Sums of many files stay far from overflow.
        guard (0...1 << 48).contains(number) else { throw .damagedSums("not a count") }
        return Int(number)
    }
}

extension WindowSums {
    fileprivate mutating func read(
        _ count: Int,
        cellCount: Int,
        _ reader: inout ByteReader
    ) throws(GriddingError) {
        var previous: Int32 = -1
        let order = profiles.layout.storedOrder
        for _ in 0..<count {
            let cell = try reader.integer(Int32.self)
            guard cell > previous, Int(cell) < cellCount else { throw .damagedSums("cells do not ascend") }
            previous = cell
            let slot = slot(of: Int(cell))
            let read = try CellSums(from: &reader)
            sums.change(slot) { $0 = read }
            for place in order { profiles[slot, place] = try reader.sum() }
        }
    }
}

extension WindowSums {
    fileprivate mutating func readLackingPrior(_ reader: inout ByteReader) throws(GriddingError) {
        let filled = Set(cells)
        let number = try reader.integer(UInt32.self)
        for _ in 0..<(try reader.count(ofSize: 4, UInt64(number))) {
            let cell = try reader.integer(Int32.self)
            guard filled.contains(cell), lackingPrior.insert(cell).inserted else {
                throw .damagedSums("a cell without priors that is none")
            }
        }
    }
}

extension CellSums {
    static let encodedSize = 2 * 8 + 10 * 16

    fileprivate func write(to writer: inout ByteWriter) {
        writer.write(count)
        writer.write(overpasses)
        for sum in [
            weight, squaredWeight, weightedColumn, weightedNoise, column, squaredColumn, noise, weightedPrior,
            correlated, exposure,
        ] { writer.write(sum) }
    }

    fileprivate init(from reader: inout ByteReader) throws(GriddingError) {
        self.init()
        count = try reader.integer()
        overpasses = try reader.integer()
        weight = try reader.sum()
        squaredWeight = try reader.sum()
        weightedColumn = try reader.sum()
        weightedNoise = try reader.sum()
        column = try reader.sum()
        squaredColumn = try reader.sum()
        noise = try reader.sum()
        weightedPrior = try reader.sum()
        correlated = try reader.sum()
        exposure = try reader.sum()
        guard count > 0, overpasses >= 0, weight.units > 0 else { throw .damagedSums("an empty cell") }
    }
}
