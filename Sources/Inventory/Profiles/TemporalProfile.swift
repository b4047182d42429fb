/// Relative emission over a cycle of time, of mean 1.
public struct TemporalProfile: Hashable, Sendable {
    /// The cycle and its parts.
    public enum Kind: String, CaseIterable, Codable, Sendable {
        /// Twelve calendar months from January.
        case month
        /// Seven days from Monday.
        case weekday
        /// Twenty-four hours from midnight.
        case hour
        /// 168 hours from Monday midnight.
        case hourOfWeek = "hour_of_week"
        /// For each month from January the 168 hours of a week from Monday midnight.
        case hourOfWeekPerMonth = "hour_of_week_per_month"

        public var count: Int {
            switch self {
            case .month: 12
            case .weekday: 7
            case .hour: 24
            case .hourOfWeek: 168
            case .hourOfWeekPerMonth: 2016
            }
        }
    }

    public let id: String
    public let kind: Kind
    /// One for each part of the cycle; their mean is 1.
    public let factors: [Double]
    /// What the weights summed to as they were given: 12, 7, 24 or 1 in most sources.
    public let givenSum: Double

    /// Weights in any scale.
    ///
    /// - Throws: ``ProfileError`` for a wrong number of weights, one below 0 or not finite, or none above 0.
    public init(id: String, kind: Kind, weights: [Double]) throws(ProfileError) {
        guard weights.count == kind.count else {
            throw ProfileError(.count(expected: kind.count, found: weights.count), profile: id)
        }
        if let place = weights.firstIndex(where: { !($0 >= 0) || !$0.isFinite }) {
            throw ProfileError(.weight(place: place + 1, value: weights[place]), profile: id)
        }
        let sum = weights.reduce(0, +)
        guard sum > 0, sum.isFinite else { throw ProfileError(.empty, profile: id) }
        self.id = id
        self.kind = kind
        givenSum = sum
        factors = weights.map { $0 * Double(kind.count) / sum }
    }
}
