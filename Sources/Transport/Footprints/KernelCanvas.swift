import Geo

/// The part of a grid that some stamps can reach, as dense rows that are taken out again as sparse cells.
struct KernelCanvas {
    private let plane: PlaneCells
    private let circles: Bool
    /// Of the grid; the columns of one round the Earth are unrolled and may lie outside.
    private let rows: Range<Int>
    private let columns: Range<Int>
    private var sums: [Double]
    /// Columns of the canvas that have a value, by row.
    private var touched: [Range<Int>]
    /// The rows that stamps lie in, beside the grid too, and what they hold once spread along the columns.
    private let stampRows: Range<Int>
    private var spread: [Double]
    private var extents: [Range<Int>]
    private var folded: [Double]

    init(_ stamps: [Stamp], _ plane: PlaneCells, reach: SIMD2<Int>, circles: Bool) {
        self.plane = plane
        self.circles = circles
        let across = Self.window(stamps.map(\.column), reach.x)
        columns = circles ? across : across.clamped(to: 0..<plane.columns)
        rows = Self.window(stamps.map(\.row), reach.y).clamped(to: 0..<plane.rows)
        sums = [Double](repeating: 0, count: rows.count * columns.count)
        touched = [Range<Int>](repeating: 0..<0, count: rows.count)
        stampRows = Self.window(stamps.map(\.row), 0)
        spread = [Double](repeating: 0, count: stampRows.count * columns.count)
        extents = [Range<Int>](repeating: 0..<0, count: stampRows.count)
        folded = [Double](repeating: 0, count: circles ? plane.columns : 0)
    }

    private static func window(_ places: [Int32], _ reach: Int) -> Range<Int> {
        guard let least = places.min(), let most = places.max() else { return 0..<0 }
        return (Int(least) - reach)..<(Int(most) + reach + 1)
    }

    /// Adds stamps of one kernel: each by itself where they are few for their spread, otherwise first along the
    /// columns and then along the rows.
    mutating func add(_ stamps: ArraySlice<Stamp>, _ kernel: KernelSet.Kernel) {
        for stamp in stamps {
            let reached = reached(stamp, kernel)
            let line = Int(stamp.row) - stampRows.lowerBound
            if !reached.isEmpty { extents[line] = union(extents[line], reached) }
        }
        let lines = extents.indices.filter { !extents[$0].isEmpty }
        let (width, height) = (kernel.across.count, kernel.along.count)
        let joined = lines.reduce(0) { $0 + extents[$1].count } * height + stamps.count * width
        if stamps.count * width * height <= joined {
            for stamp in stamps { addAlone(stamp, kernel) }
        } else {
            for stamp in stamps { spreadAcross(stamp, kernel) }
            for line in lines { addLine(line, kernel) }
        }
        for line in lines { extents[line] = 0..<0 }
    }

    /// Columns of the canvas.
    private func reached(_ stamp: Stamp, _ kernel: KernelSet.Kernel) -> Range<Int> {
        let start = Int(stamp.column) - kernel.across.count / 2 - columns.lowerBound
        return (start..<(start + kernel.across.count)).clamped(to: 0..<columns.count)
    }

    private func weights(_ stamp: Stamp, _ reached: Range<Int>, _ kernel: KernelSet.Kernel) -> Range<Int> {
        let start = Int(stamp.column) - kernel.across.count / 2 - columns.lowerBound
        return (reached.lowerBound - start)..<(reached.upperBound - start)
    }

    private mutating func addAlone(_ stamp: Stamp, _ kernel: KernelSet.Kernel) {
        let reached = reached(stamp, kernel)
        if reached.isEmpty { return }
        let values = kernel.across.span.extracting(weights(stamp, reached, kernel))
        addRows(around: Int(stamp.row), reached, kernel.along, values, stamp.influence)
    }

    private mutating func spreadAcross(_ stamp: Stamp, _ kernel: KernelSet.Kernel) {
        let reached = reached(stamp, kernel)
        if reached.isEmpty { return }
        let offset = (Int(stamp.row) - stampRows.lowerBound) * columns.count
        let values = kernel.across.span.extracting(weights(stamp, reached, kernel))
        addScaled(values, stamp.influence, to: &spread, from: offset + reached.lowerBound)
    }

    private mutating func addLine(_ line: Int, _ kernel: KernelSet.Kernel) {
        let reached = extents[line]
        let offset = line * columns.count
        let held = (offset + reached.lowerBound)..<(offset + reached.upperBound)
        // Taken out while it is read, so that it is not copied.
        var source: [Double] = []
        swap(&source, &spread)
        addRows(around: line + stampRows.lowerBound, reached, kernel.along, source.span.extracting(held), 1)
        swap(&source, &spread)
        for index in held { spread[index] = 0 }
    }

    /// Adds values to some columns of all rows that the kernel reaches.
    private mutating func addRows(
        around row: Int,
        _ reached: Range<Int>,
        _ along: [Double],
        _ values: Span<Double>,
        _ factor: Double
    ) {
        let start = row - along.count / 2 - rows.lowerBound
        for line in (start..<(start + along.count)).clamped(to: 0..<rows.count) {
            let offset = line * columns.count + reached.lowerBound
            addScaled(values, along[line - start] * factor, to: &sums, from: offset)
            touched[line] = union(touched[line], reached)
        }
    }

    /// The cells above zero, ascending, and makes the canvas empty.
    mutating func take(dividedBy divisor: Double) -> (cells: [Int32], values: [Double]) {
        var (cells, values) = ([Int32](), [Double]())
        for line in 0..<rows.count where !touched[line].isEmpty {
            let first = (line + rows.lowerBound) * plane.columns
            let offset = line * columns.count
            if circles { fold(line) }
            let held = circles ? 0..<plane.columns : touched[line]
            for column in held {
                let sum = circles ? folded[column] : sums[offset + column]
                guard sum > 0 else { continue }
                let place = circles ? column : column + columns.lowerBound
                cells.append(Int32(truncatingIfNeeded: first + place))
                values.append(sum / divisor)
            }
            for column in touched[line] { sums[offset + column] = 0 }
            touched[line] = 0..<0
        }
        return (cells, values)
    }

    /// Brings a row that may reach round the Earth to the columns of the grid.
    private mutating func fold(_ line: Int) {
        for column in folded.indices { folded[column] = 0 }
        for column in touched[line] {
            let place = (column + columns.lowerBound) % plane.columns
            folded[place < 0 ? place + plane.columns : place] += sums[line * columns.count + column]
        }
    }
}

private func union(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
    a.isEmpty ? b : min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
}

/// Adds a multiple of values to as many cells.
private func addScaled(_ values: Span<Double>, _ factor: Double, to cells: inout [Double], from first: Int) {
    var target = cells.mutableSpan
    precondition(first >= 0 && first + values.count <= target.count, "a kernel beyond the canvas")
    for index in 0..<values.count { target[first + index] += values[index] * factor }
}
