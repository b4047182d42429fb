extension FacilityRules {
    /// The rules that options (with `-` for `_`) and cases can set.
    public enum Name: String, CaseIterable, Sendable {
        case cusum, ewma, overpasses, score
        case stationDays = "station_days"

        /// What its text must be.
        public var expected: String {
            switch self {
            case .cusum: "K,H: an allowance from 0 to 10 and a limit above 0, at most 100"
            case .ewma: "WEIGHT,WIDTH: a weight from 0.01 to 1 and a width above 0, at most 100"
            case .overpasses, .stationDays: "K or K/N: whole days, K from 1, N not less than K, at most 10000"
            case .score: "a number above 0, at most 100"
            }
        }
    }

    /// Nil where the text is not what the name expects.
    public func setting(_ name: Name, to text: String) -> FacilityRules? {
        var rules = self
        switch name {
        case .cusum:
            guard let sums = Self.pair(text), (0...10).contains(sums.0), sums.1 > 0, sums.1 <= 100 else {
                return nil
            }
            rules.sums = CumulativeSumChart(allowance: sums.0, limit: sums.1)
        case .ewma:
            guard let average = Self.pair(text), (0.01...1).contains(average.0), average.1 > 0,
                average.1 <= 100
            else { return nil }
            rules.average = MovingAverageChart(weight: average.0, width: average.1)
        case .overpasses:
            guard let days = Self.days(text) else { return nil }
            (rules.persistence.overpasses, rules.persistence.overpassWindow) = days
        case .stationDays:
            guard let days = Self.days(text) else { return nil }
            (rules.persistence.stationDays, rules.persistence.stationWindow) = days
        case .score:
            guard let score = Double(text), score > 0, score <= 100 else { return nil }
            rules.persistence.leastScore = score
        }
        return rules
    }

    /// `0.5,5`.
    private static func pair(_ text: String) -> (Double, Double)? {
        let numbers = parts(text, by: ",").compactMap { Double($0) }
        guard numbers.count == 2, parts(text, by: ",").count == 2 else { return nil }
        return (numbers[0], numbers[1])
    }

    /// `3` or `3/5`.
    private static func days(_ text: String) -> (Int, Int)? {
        let numbers = parts(text, by: "/").map { Int($0) ?? 0 }
        let (least, among) = (numbers[0], numbers[numbers.count - 1])
        guard numbers.count <= 2, least >= 1, among >= least, among <= 10_000 else { return nil }
        return (least, among)
    }

    private static func parts(_ text: String, by separator: Character) -> [Substring] {
        text.split(separator: separator, omittingEmptySubsequences: false)
    }
}
