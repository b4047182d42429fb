/// Where an element of a bounded solution stands.
public enum BoundState: String, Codable, Sendable {
    /// Between its bounds.
    case free
    case atLower
    case atUpper
}

/// Limits of each element of a state, in its own unit; infinite where there is none.
public struct Bounds: Equatable, Sendable {
    public let lower: [Double]
    public let upper: [Double]

    /// - Throws: ``InversionError`` when the lengths differ, a bound is NaN, or no finite value fits between a
    ///   pair. Equal bounds hold an element fixed.
    public init(lower: [Double], upper: [Double]) throws(InversionError) {
        try checkLength("upper bounds", upper.count, lower.count)
        for index in lower.indices {
            if lower[index].isNaN { throw .notFinite("lower bounds", index: index) }
            if upper[index].isNaN { throw .notFinite("upper bounds", index: index) }
            guard lower[index] <= upper[index], lower[index] < .infinity, upper[index] > -.infinity else {
                throw .boundsCross(index: index, lower: lower[index], upper: upper[index])
            }
        }
        self.lower = lower
        self.upper = upper
    }

    /// No element below zero.
    public static func nonNegative(_ count: Int) -> Bounds {
        Bounds(
            uncheckedLower: [Double](repeating: 0, count: count),
            upper: [Double](repeating: .infinity, count: count)
        )
    }

    /// No bounds at all.
    public static func none(_ count: Int) -> Bounds {
        Bounds(
            uncheckedLower: [Double](repeating: -.infinity, count: count),
            upper: [Double](repeating: .infinity, count: count)
        )
    }

    private init(uncheckedLower: [Double], upper: [Double]) {
        lower = uncheckedLower
        self.upper = upper
    }

    public var count: Int { lower.count }

    /// The nearest value that the bounds of the element allow.
    public func clamped(_ value: Double, at index: Int) -> Double {
        max(lower[index], min(upper[index], value))
    }

    /// The nearest point inside.
    public func clamped(_ point: [Double]) -> [Double] {
        point.indices.map { clamped(point[$0], at: $0) }
    }

    func state(of value: Double, at index: Int) -> BoundState {
        value <= lower[index] ? .atLower : value >= upper[index] ? .atUpper : .free
    }
}
