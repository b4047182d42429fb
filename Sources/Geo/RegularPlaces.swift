/// Equal steps that some coordinates lie on, not each of which need be there: the rows or columns of places on a grid.
public struct RegularPlaces: Equatable, Sendable {
    public let first: Double
    /// 1 where there is one place only.
    public let step: Double
    public let count: Int

    /// - Returns: nil for no coordinates, one that is more than a thousandth of a step beside the others, or more than
    ///   100,000 places.
    public init?(_ coordinates: [Double]) {
        let sorted = coordinates.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        self.first = first
        // Places of one row may differ in their last digits.
        let steps = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 1e-6 * (last - first) }
        guard let least = steps.min() else {
            (step, count) = (1, 1)
            return
        }
        let number = ((last - first) / least).rounded()
        guard number < 100_000 else { return nil }
        (step, count) = ((last - first) / number, Int(number) + 1)
        for coordinate in coordinates {
            let place = (coordinate - first) / step
            guard abs(place - place.rounded()) <= 1e-3 else { return nil }
        }
    }

    /// The number of a coordinate that these places were made from.
    public func index(_ coordinate: Double) -> Int { Int(((coordinate - first) / step).rounded()) }
}
