/// How the soundings of a file lie in its variables: one after the other, or line by line of a swath.
struct RowLayout: Equatable, Sendable {
    /// Swaths of Sentinel-5P have a first dimension `time` of length one.
    let hasLeadingOne: Bool
    let lines: Int
    /// Soundings of a line; 1 where the file is no swath.
    let pixels: Int

    var count: Int { lines * pixels }
    var shape: [Int] { (hasLeadingOne ? [1] : []) + [lines] + (isSwath ? [pixels] : []) }
    let isSwath: Bool

    /// A hundred times what the largest files hold.
    static let mostSoundings = 1 << 31

    /// Nil for shapes that are neither soundings nor a swath, and for sizes that no product has.
    init?(shape: [Int]) {
        guard shape.allSatisfy({ $0 >= 0 && $0 <= Self.mostSoundings }) else { return nil }
        switch shape.count {
        case 1: (hasLeadingOne, lines, pixels, isSwath) = (false, shape[0], 1, false)
        case 2: (hasLeadingOne, lines, pixels, isSwath) = (false, shape[0], shape[1], true)
        case 3 where shape[0] == 1: (hasLeadingOne, lines, pixels, isSwath) = (true, shape[1], shape[2], true)
        default: return nil
        }
        let (product, overflow) = lines.multipliedReportingOverflow(by: pixels)
        guard !overflow, product <= Self.mostSoundings else { return nil }
    }

    /// The lines that hold these soundings.
    func lines(of soundings: Range<Int>) -> Range<Int> {
        guard pixels > 0, !soundings.isEmpty else { return 0..<0 }
        return (soundings.lowerBound / pixels)..<((soundings.upperBound + pixels - 1) / pixels)
    }
}

/// Where the values of a variable stand.
enum Spread: Equatable, Sendable {
    /// So many for each sounding.
    case sounding
    /// One for each line of a swath.
    case line
    /// The same for all soundings.
    case shared
    /// For all soundings of the instrument, of which the product retrieved some.
    case observed(Int)
}

extension RowLayout {
    /// Nil when a variable of this shape cannot belong to the soundings. `observed` is the number of soundings that
    /// the instrument made.
    func spread(of shape: [Int], observed: Int?, mayBeShared: Bool) -> (spread: Spread, width: Int)? {
        if shape.starts(with: self.shape) {
            return width(shape.dropFirst(self.shape.count)).map { (.sounding, $0) }
        }
        if isSwath, shape == Array(self.shape.dropLast()) { return (.line, 1) }
        if mayBeShared, shape.count == 1 { return width(shape[...]).map { (.shared, $0) } }
        if let observed, let first = shape.first, first == observed, !isSwath {
            return width(shape.dropFirst()).map { (.observed(observed), $0) }
        }
        return nil
    }

    private func width(_ lengths: ArraySlice<Int>) -> Int? {
        var width = 1
        for length in lengths {
            guard length > 0, length <= 10_000, width <= 10_000 else { return nil }
            width *= length
        }
        return width <= 10_000 ? width : nil
    }
}
