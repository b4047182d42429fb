/// Some rows of a stretch, to be read without the others: checked once for all variables they are read of.
public struct RowSelection: Sendable {
    /// Ascending, counted from the first row of the stretch.
    public let places: [Int]
    /// Rows of the stretch.
    public let rowCount: Int

    /// - Precondition: places ascend within `0..<rowCount`.
    public init(_ places: [Int], of rowCount: Int) {
        precondition(zip(places, places.dropFirst()).allSatisfy { $0 < $1 }, "places that do not ascend")
        precondition((places.first ?? 0) >= 0 && (places.last ?? -1) < rowCount, "places outside the rows")
        self.places = places
        self.rowCount = rowCount
    }

    public var count: Int { places.count }
    public var isWhole: Bool { places.count == rowCount }

    /// Elements of these rows, of `width` elements each.
    public func picked<Value>(_ values: [Value], width: Int = 1) -> [Value] {
        precondition(values.count >= rowCount * width, "fewer values than rows")
        if isWhole, values.count == rowCount * width { return values }
        if width == 1 { return places.map { values[$0] } }
        var picked: [Value] = []
        picked.reserveCapacity(places.count * width)
        for place in places { picked += values[(place * width)..<((place + 1) * width)] }
        return picked
    }

    /// The range of the places that lie in `rows`, searched from `first` on.
    func places(in rows: Range<Int>, from first: Int) -> Range<Int> {
        var start = first
        while start < places.count, places[start] < rows.lowerBound { start += 1 }
        var (end, limit) = (start, places.count)
        while end < limit {
            let middle = (end + limit) / 2
            if places[middle] < rows.upperBound { end = middle + 1 } else { limit = middle }
        }
        return start..<end
    }
}
