extension Basis {
    /// Rectangles that each hold about the same share of `weights`, such as mean footprint times prior flux: fine
    /// where observations see much, coarse elsewhere (a weighted quadtree as in Rigby et al. 2011, ACP 11, 9887,
    /// and Western et al. 2021). The rectangle with the largest weight is halved along its longer side, at the line
    /// that parts its weight most evenly, until there are `count` or none can be halved.
    ///
    /// - Parameters:
    ///   - weights: row-major, rows x columns, finite and not negative.
    ///   - labels: cells of different labels never share a part (land and sea, countries); nil for one label, -1 for
    ///     cells outside.
    ///   - count: how many parts are wanted; at least one for each label.
    /// - Throws: ``InversionError`` that names the cell.
    public static func quadtree(
        weights: [Double],
        rows: Int,
        columns: Int,
        labels: [Int32]? = nil,
        count: Int
    ) throws(InversionError) -> Basis {
        try checkLength("weights", weights.count, rows * columns)
        try checkFinite("weights", weights)
        if let index = weights.firstIndex(where: { $0 < 0 }) {
            throw .notPositive("weights", index: index, value: weights[index])
        }
        let labels = labels ?? [Int32](repeating: 0, count: weights.count)
        try checkLength("labels", labels.count, weights.count)
        guard labels.contains(where: { $0 >= 0 }) else { throw .empty("cells for basis functions") }
        var tree = Quadtree(weights: weights, labels: labels, rows: rows, columns: columns)
        tree.split(into: count)
        return try Basis(parts: tree.parts)
    }
}

/// The rectangles while they are being halved.
private struct Quadtree {
    private struct Box {
        let label: Int32
        var rows: Range<Int>
        var columns: Range<Int>
        var weight = 0.0
    }

    private let weights: [Double]
    private let labels: [Int32]
    private let width: Int
    private var boxes: [Box] = []

    init(weights: [Double], labels: [Int32], rows: Int, columns: Int) {
        self.weights = weights
        self.labels = labels
        width = columns
        for label in Set(labels).filter({ $0 >= 0 }).sorted() {
            boxes.append(tight(Box(label: label, rows: 0..<rows, columns: 0..<columns)))
        }
    }

    var parts: [Int32] {
        var parts = [Int32](repeating: -1, count: weights.count)
        for (number, box) in boxes.enumerated() {
            for row in box.rows {
                for cell in (row * width + box.columns.lowerBound)..<(row * width + box.columns.upperBound)
                where labels[cell] == box.label {
                    parts[cell] = Int32(truncatingIfNeeded: number)
                }
            }
        }
        return parts
    }

    /// Ties go to the box that was made first, so that the result does not depend on rounding elsewhere.
    mutating func split(into count: Int) {
        var whole: Set<Int> = []
        while boxes.count < count {
            var chosen: Int?
            for index in boxes.indices where !whole.contains(index) {
                if let best = chosen, boxes[best].weight >= boxes[index].weight { continue }
                chosen = index
            }
            guard let chosen else { return }
            guard let halves = halves(boxes[chosen]) else {
                whole.insert(chosen)
                continue
            }
            boxes[chosen] = halves.0
            boxes.append(halves.1)
        }
    }

    private func halves(_ box: Box) -> (Box, Box)? {
        let byRow = box.rows.count >= box.columns.count
        return cut(box, byRow: byRow) ?? cut(box, byRow: !byRow)
    }

    private func cut(_ box: Box, byRow: Bool) -> (Box, Box)? {
        let lines = byRow ? box.rows : box.columns
        guard lines.count > 1 else { return nil }
        let sums = lines.map { line in weight(box, line: line, byRow: byRow) }
        var (before, best, place) = (0.0, Double.infinity, lines.lowerBound + 1)
        for (offset, sum) in sums.dropLast().enumerated() {
            before += sum
            // Without any weight the middle is as good as any line.
            let middle = abs(Double(offset + 1) - Double(lines.count) / 2)
            let imbalance = box.weight > 0 ? abs(2 * before - box.weight) : middle
            if imbalance < best { (best, place) = (imbalance, lines.lowerBound + offset + 1) }
        }
        var (first, second) = (box, box)
        if byRow {
            first.rows = lines.lowerBound..<place
            second.rows = place..<lines.upperBound
        } else {
            first.columns = lines.lowerBound..<place
            second.columns = place..<lines.upperBound
        }
        return (tight(first), tight(second))
    }

    private func weight(_ box: Box, line: Int, byRow: Bool) -> Double {
        var sum = 0.0
        for other in byRow ? box.columns : box.rows {
            let cell = byRow ? line * width + other : other * width + line
            if labels[cell] == box.label { sum += weights[cell] }
        }
        return sum
    }

    /// The box without lines at its edges that hold no cell of its label, with its weight.
    private func tight(_ box: Box) -> Box {
        var (top, bottom, left, right) = (Int.max, Int.min, Int.max, Int.min)
        var weight = 0.0
        for row in box.rows {
            for column in box.columns where labels[row * width + column] == box.label {
                (top, bottom) = (min(top, row), max(bottom, row))
                (left, right) = (min(left, column), max(right, column))
                weight += weights[row * width + column]
            }
        }
        return Box(label: box.label, rows: top..<(bottom + 1), columns: left..<(right + 1), weight: weight)
    }
}
