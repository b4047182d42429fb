import Foundation
import Geo
public import NetCDF
import Quantities
import Synchronization
public import Transport

/// Footprints as they come from a run, kept in an unnamed file until a writer asks for them: any number of receptors
/// takes little memory.
///
/// The file lies beside the output, where there is room for that, and goes when nobody holds it, however the program
/// ends.
public final class FootprintSpool: Sendable {
    private let file: FileHandle
    private let path: String
    private let entries = Mutex<[Entry]>([])

    private struct Entry {
        let footprint: ReceptorFootprint
        /// Of the layers and the residual, if there is one.
        let layers: [Part]
        let hasResidual: Bool
        let faces: [BoundaryFace: (cells: BoundaryFaceCells, part: Part)]?
    }

    /// Sparse values of the file: places as 32-bit integers, then doubles, both little-endian.
    private struct Part {
        let emission: Period?
        let offset: UInt64
        let count: Int
    }

    /// - Throws: ``NetCDFError`` where nothing can be written beside the output.
    public init(beside output: String) throws(NetCDFError) {
        path = output
        let name = "\(output).partial-\(getpid())-spool"
        unlink(name)
        let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw NetCDFError(.inputOutput(String(cString: strerror(errno))), path: output)
        }
        unlink(name)
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    public var count: Int { entries.withLock { $0.count } }

    /// Writes a footprint, and where its particles left the domain, behind those before. Blocks while writing.
    ///
    /// - Throws: ``NetCDFError`` of kind `inputOutput` as where the disk is full.
    public func add(
        _ footprint: ReceptorFootprint,
        _ boundary: BoundarySensitivity? = nil
    ) throws(NetCDFError) {
        let added: Result<Void, NetCDFError> = entries.withLock { entries in
            do {
                var offset = try file.seekToEnd()
                var bytes = Data()
                func part(_ emission: Period?, _ cells: [Int32], _ values: [Double]) -> Part {
                    let part = Part(emission: emission, offset: offset, count: cells.count)
                    bytes.reserveCapacity(bytes.count + cells.count * Self.bytesPerValue)
                    for cell in cells { bytes.append(littleEndian: UInt32(bitPattern: cell)) }
                    for value in values { bytes.append(littleEndian: value.bitPattern) }
                    offset += UInt64(cells.count * Self.bytesPerValue)
                    return part
                }
                let all = footprint.layers + (footprint.residual.map { [$0] } ?? [])
                let layers = all.map { part($0.emission, $0.cells, $0.values) }
                let faces = boundary?.faces.mapValues { face in
                    let held = face.shares.indices.filter { face.shares[$0] != 0 }
                    let places = held.map { Int32(truncatingIfNeeded: $0) }
                    return (cells: face.cells, part: part(nil, places, held.map { face.shares[$0] }))
                }
                try file.write(contentsOf: bytes)
                entries.append(
                    Entry(
                        footprint: footprint.without,
                        layers: layers,
                        hasResidual: footprint.residual != nil,
                        faces: faces
                    )
                )
                return .success(())
            } catch {
                let reason = "footprints cannot be kept beside the output: \(error.localizedDescription)"
                return .failure(NetCDFError(.inputOutput(reason), path: path))
            }
        }
        try added.get()
    }

    /// Brings footprints that were added in another order into that of their places.
    public func arrange(by places: [Int]) {
        entries.withLock { entries in
            precondition(places.count == entries.count, "a place for each footprint")
            entries = places.indices.sorted { places[$0] < places[$1] }.map { entries[$0] }
        }
    }

    /// All that were added so far, for a writer; nil for none.
    ///
    /// - Parameter variables: of all receptors.
    public func source(variables: [ReceptorVariable] = []) -> FootprintSource? {
        guard let first = entries.withLock({ $0.first }) else { return nil }
        let footprint: @NetCDFThread (Int) throws(NetCDFError) -> ReceptorFootprint = {
            index throws(NetCDFError) in try self.footprint(at: index)
        }
        let boundary: @NetCDFThread (Int) throws(NetCDFError) -> BoundarySensitivity? = {
            index throws(NetCDFError) in try self.boundary(at: index)
        }
        return FootprintSource(
            grid: first.footprint.grid,
            count: count,
            footprint: footprint,
            boundary: first.faces == nil ? nil : boundary,
            variables: variables
        )
    }

    // MARK: - Reading back

    private func footprint(at index: Int) throws(NetCDFError) -> ReceptorFootprint {
        let entry = entries.withLock { $0[index] }
        var layers: [FootprintLayer] = []
        for part in entry.layers {
            let (cells, values) = try read(part)
            layers.append(FootprintLayer(emission: part.emission, cells: cells, values: values))
        }
        let residual = entry.hasResidual ? layers.popLast() : nil
        let head = entry.footprint
        return ReceptorFootprint(
            receptor: head.receptor,
            time: head.time,
            averagingSeconds: head.averagingSeconds,
            place: head.place,
            grid: head.grid,
            layers: layers,
            residual: residual
        )
    }

    private func boundary(at index: Int) throws(NetCDFError) -> BoundarySensitivity? {
        let entry = entries.withLock { $0[index] }
        guard let faces = entry.faces else { return nil }
        var read: [BoundaryFace: BoundarySensitivity.Face] = [:]
        for (side, face) in faces {
            var shares = [Double](repeating: 0, count: face.cells.count)
            let (places, values) = try self.read(face.part)
            for (place, value) in zip(places, values) where shares.indices.contains(Int(place)) {
                shares[Int(place)] = value
            }
            read[side] = BoundarySensitivity.Face(cells: face.cells, shares: shares)
        }
        do throws(FootprintFault) {
            let head = entry.footprint
            return try BoundarySensitivity(receptor: head.receptor, time: head.time, faces: read)
        } catch { throw NetCDFError(.unexpected(error.what), path: path) }
    }

    private static let bytesPerValue = 12

    private func read(_ part: Part) throws(NetCDFError) -> (places: [Int32], values: [Double]) {
        guard part.count > 0 else { return ([], []) }
        let length = part.count * Self.bytesPerValue
        let bytes: [UInt8] = entries.withLock { _ in
            do {
                try file.seek(toOffset: part.offset)
                return try file.read(upToCount: length).map(Array.init) ?? []
            } catch { return [] }
        }
        guard bytes.count == length else {
            throw NetCDFError(.inputOutput("footprints kept beside the output cannot be read"), path: path)
        }
        let places = (0..<part.count).map { index in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[4 * index + $1]) << (8 * UInt32($1)) }
        }
        let start = 4 * part.count
        let values = (0..<part.count).map { index in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + 8 * index + $1]) << (8 * UInt64($1)) }
        }
        return (places.map(Int32.init(bitPattern:)), values.map(Double.init(bitPattern:)))
    }
}

extension Data {
    fileprivate mutating func append(littleEndian number: some FixedWidthInteger) {
        var rest = number
        for _ in 0..<(number.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}

extension ReceptorFootprint {
    /// The same without values.
    fileprivate var without: ReceptorFootprint {
        ReceptorFootprint(
            receptor: receptor,
            time: time,
            averagingSeconds: averagingSeconds,
            place: place,
            grid: grid,
            layers: []
        )
    }
}
