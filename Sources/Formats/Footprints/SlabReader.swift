import NetCDF
import Quantities

/// A variable read slab by slab along one of its dimensions, whichever place that has.
///
/// Where the time axis is last, each time touches the whole variable; so some are read at once and kept, and a year of
/// hours costs few reads and little memory.
@NetCDFThread
final class SlabReader {
    let variable: String
    /// Number of slabs.
    let count: Int
    /// Elements of a slab.
    let slabCount: Int
    private let along: Int
    private let start: [Int]
    private let shape: [Int]
    /// Length and dimension of the variable for each dimension of a slab, outermost first.
    private let wanted: [(length: Int, dimension: Int)]
    private let blockLength: Int
    private var block: (first: Int, values: [Double])?

    /// 32 MB of doubles.
    private static let blockElements = 1 << 22

    /// - Parameters:
    ///   - along: name of the dimension whose index tells a slab.
    ///   - order: names of the others, in the order in which a slab is wanted.
    ///   - fixed: dimensions of which one index alone is read; others not named must be of length one.
    /// - Throws: ``NetCDFError`` where a dimension is missing or one too many.
    init(
        _ file: borrowing NetCDFFile,
        _ variable: String,
        along: String,
        order: [String],
        fixed: [String: Int] = [:]
    ) throws(NetCDFError) {
        let names = try file.dimensionNames(of: variable)
        let lengths = try file.shape(of: variable)
        guard let place = names.firstIndex(of: along) else {
            throw file.unexpected("dimensions are \(names), `\(along)` is not among them", variable)
        }
        var wanted: [(length: Int, dimension: Int)] = []
        for name in order {
            guard let index = names.firstIndex(of: name) else {
                throw file.unexpected("dimensions are \(names), `\(name)` is not among them", variable)
            }
            wanted.append((lengths[index], index))
        }
        var (start, shape) = (names.map { _ in 0 }, lengths)
        for (index, name) in names.enumerated() where index != place && !order.contains(name) {
            start[index] = fixed[name] ?? 0
            shape[index] = 1
            guard fixed[name] != nil || lengths[index] == 1, start[index] < lengths[index] else {
                throw file.unexpected("dimension `\(name)` of \(lengths[index]) is not expected", variable)
            }
        }
        let whole = shape.reduce((1, false)) { sum, length in
            let (product, overflow) = sum.0.multipliedReportingOverflow(by: length)
            return (product, sum.1 || overflow)
        }
        guard !whole.1, lengths[place] > 0, whole.0 > 0 else {
            throw file.unexpected("there is nothing in \(lengths) elements", variable)
        }
        (self.variable, count, self.along, self.start) = (variable, lengths[place], place, start)
        (self.shape, self.wanted) = (shape, wanted)
        slabCount = whole.0 / lengths[place]
        blockLength = min(lengths[place], max(1, Self.blockElements / slabCount))
    }

    isolated deinit {}

    /// The slab in the wanted order; missing values are NaN.
    func slab(_ index: Int, _ file: borrowing NetCDFFile) throws(NetCDFError) -> [Double] {
        let first = index / blockLength * blockLength
        let length = min(blockLength, count - first)
        if block?.first != first {
            var (start, shape) = (start, shape)
            (start[along], shape[along]) = (first, length)
            block = nil
            block = (first, try file.doubles(variable, start: start, shape: shape))
        }
        guard let values = block?.values else { return [] }
        return gathered(values, index - first, length)
    }

    private func gathered(_ values: [Double], _ index: Int, _ length: Int) -> [Double] {
        var strides = [Int](repeating: 1, count: shape.count)
        for dimension in shape.indices.dropLast().reversed() {
            let inner = dimension + 1
            strides[dimension] = strides[inner] * (inner == along ? length : shape[inner])
        }
        var offsets = [index * strides[along]]
        for (length, dimension) in wanted {
            let stride = strides[dimension]
            var next: [Int] = []
            next.reserveCapacity(offsets.count * length)
            for offset in offsets {
                for step in 0..<length { next.append(offset + step * stride) }
            }
            offsets = next
        }
        return offsets.map { values[$0] }
    }
}
