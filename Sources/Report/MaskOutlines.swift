/// Boundaries between the regions of a mask as chained line segments along cell edges.
struct MaskOutlines {
    private let width: Int
    private let height: Int
    /// Edges from a corner to the right and downwards, by corner.
    private var rightward: [Bool]
    private var downward: [Bool]

    /// - Parameters:
    ///   - regions: row-major from the top; nil cells have no boundary.
    ///   - isBoundary: whether two neighbours of different region are to be parted by a line.
    init(regions: [Int32?], rows: Int, columns: Int, isBoundary: (Int32, Int32) -> Bool) {
        precondition(regions.count == rows * columns, "mask of the wrong size")
        width = columns + 1
        height = rows + 1
        rightward = [Bool](repeating: false, count: width * height)
        downward = rightward
        for row in 0..<rows {
            for column in 0..<columns {
                guard let here = regions[row * columns + column] else { continue }
                if column + 1 < columns, let east = regions[row * columns + column + 1], east != here,
                    isBoundary(here, east)
                {
                    downward[row * width + column + 1] = true
                }
                if row + 1 < rows, let south = regions[(row + 1) * columns + column], south != here,
                    isBoundary(here, south)
                {
                    rightward[(row + 1) * width + column] = true
                }
            }
        }
    }

    /// SVG path data in cell units. Every edge is walked once; lines go straight on where they can.
    func path() -> String {
        var copy = self
        var path = ""
        for corner in 0..<(width * height) {
            while copy.rightward[corner] || copy.downward[corner] { path += copy.walk(from: corner) }
        }
        return path
    }

    private enum Direction: CaseIterable {
        case east, south, west, north
    }

    private mutating func walk(from start: Int) -> String {
        var path = "M\(start % width) \(start / width)"
        var corner = start
        var heading: Direction?
        var length = 0
        while let next = next(at: corner, heading: heading) {
            if next != heading, let heading { path += Self.stroke(heading, length) }
            length = next == heading ? length + 1 : 1
            heading = next
            corner = take(next, at: corner)
        }
        if let heading { path += Self.stroke(heading, length) }
        return path
    }

    private func next(at corner: Int, heading: Direction?) -> Direction? {
        if let heading, has(heading, at: corner) { return heading }
        return Direction.allCases.first { has($0, at: corner) }
    }

    private func has(_ direction: Direction, at corner: Int) -> Bool {
        switch direction {
        case .east: rightward[corner]
        case .south: downward[corner]
        case .west: corner % width > 0 && rightward[corner - 1]
        case .north: corner >= width && downward[corner - width]
        }
    }

    /// Removes the edge and returns the corner at its other end.
    private mutating func take(_ direction: Direction, at corner: Int) -> Int {
        switch direction {
        case .east:
            rightward[corner] = false
            return corner + 1
        case .south:
            downward[corner] = false
            return corner + width
        case .west:
            rightward[corner - 1] = false
            return corner - 1
        case .north:
            downward[corner - width] = false
            return corner - width
        }
    }

    private static func stroke(_ heading: Direction, _ length: Int) -> String {
        switch heading {
        case .east: "h\(length)"
        case .south: "v\(length)"
        case .west: "h-\(length)"
        case .north: "v-\(length)"
        }
    }
}
