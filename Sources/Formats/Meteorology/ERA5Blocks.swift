import NetCDF

/// Fields of the times around the last one that was asked for.
///
/// Files of the store hold many hours in one compressed chunk, which would be inflated anew for each hour.
@NetCDFThread
final class ERA5Blocks {
    /// Numbers kept for all variables of a source, 4 bytes each.
    static let heldNumbers = 24_000_000

    private struct Block {
        let times: Range<Int>
        let fields: [String: [Float]]
    }

    private let hoursHeld: Int
    /// By the number of the file, and when each was asked for last.
    private var blocks: [Int: Block] = [:]
    private var uses: [Int: Int] = [:]
    private var use = 0

    /// - Parameter numbersPerHour: of all variables together.
    init(numbersPerHour: Int) { hoursHeld = min(48, max(1, Self.heldNumbers / max(1, numbersPerHour))) }

    /// - Parameter needed: times of the file that may be asked for.
    func field(
        _ key: String,
        _ time: Int,
        file: Int,
        reader: ERA5Reader,
        keys: [String],
        needed: Range<Int>
    ) throws(MeteorologyError) -> [Float] {
        use += 1
        uses[file] = use
        if blocks[file]?.times.contains(time) != true {
            makeRoom(for: file)
            let start = time - (time - needed.lowerBound) % hoursHeld
            let times = max(0, start)..<max(time + 1, min(start + hoursHeld, needed.upperBound))
            blocks[file] = Block(times: times, fields: try reader.read(keys, times: times))
        }
        guard let block = blocks[file], let values = block.fields[key] else { return [] }
        let size = reader.size(key)
        guard values.count > size else { return values }
        let offset = (time - block.times.lowerBound) * size
        return Array(values[offset..<(offset + size)])
    }

    /// Days that lie behind go, as their files will hardly be asked again.
    private func makeRoom(for file: Int) {
        blocks[file] = nil
        while held > Self.heldNumbers,
            let oldest = blocks.keys.min(by: { uses[$0, default: 0] < uses[$1, default: 0] })
        {
            blocks[oldest] = nil
        }
    }

    private var held: Int {
        blocks.values.reduce(0) { sum, block in block.fields.values.reduce(sum) { $0 + $1.count } }
    }
}
