/// When residuals of one sign have lasted long enough to open a case.
///
/// A plume of one image, or one day of a station, may be another source, a wind that was wrong or a start of the plant:
/// a case needs exceedances of one sign on several days, by default a run that no day of the same kind interrupts; with
/// a window, so many of so many days on which there was an observation, and none of the other sign among them.
public struct PersistenceRule: Hashable, Sendable {
    /// Overpasses on different days.
    public var overpasses: Int
    /// Days on which a station exceeded, each counted once however many stations saw it.
    public var stationDays: Int
    /// Standardised residual of a day from which it exceeds.
    public var leastScore: Double
    /// Days of observation among which the overpasses and station days are counted; as many as these where fewer.
    public var overpassWindow = 0
    public var stationWindow = 0

    public init(overpasses: Int = 3, stationDays: Int = 14, leastScore: Double = 2) {
        self.overpasses = overpasses
        self.stationDays = stationDays
        self.leastScore = leastScore
    }

    /// Days that must exceed among so many; nil for a kind that no rule is for.
    public func days(of kind: Evidence.Kind) -> (exceeding: Int, among: Int)? {
        switch kind {
        case .overpass: overpasses > 0 ? (overpasses, max(overpasses, overpassWindow)) : nil
        case .stationDay: stationDays > 0 ? (stationDays, max(stationDays, stationWindow)) : nil
        case .comparison: nil
        }
    }

    public struct Outcome: Hashable, Sendable {
        public let signal: ChartSignal
        /// Those that exceed, in their order.
        public let days: [ResidualDay]

        public var evidence: [Evidence] { days.flatMap(\.evidence) }
    }

    /// Every run of exceedances that was long enough at some time, whether or not it lasts: what a rule applied day by
    /// day would have found. By time.
    ///
    /// - Parameter evidence: of one facility, in any order; observations without uncertainty are left out.
    public func runs(_ evidence: [Evidence], of kind: Evidence.Kind) -> [Outcome] {
        runs(ResidualDay.days(evidence.filter { $0.kind == kind }), of: kind)
    }

    /// - Parameter days: of one facility and kind, in their order.
    func runs(_ days: [ResidualDay], of kind: Evidence.Kind) -> [Outcome] {
        guard let need = self.days(of: kind) else { return [] }
        let signs = days.map(sign)
        var isInRun = [Bool](repeating: false, count: days.count)
        for last in days.indices {
            let window = max(0, last - need.among + 1)...last
            for sign in [1, -1] where signs[last] == sign {
                let isOneSided = signs[window].allSatisfy { $0 == 0 || $0 == sign }
                guard isOneSided, signs[window].count(where: { $0 == sign }) >= need.exceeding else {
                    continue
                }
                for day in window where signs[day] == sign { isInRun[day] = true }
            }
        }
        return joined(isInRun, signs, gap: need.among - need.exceeding + 1).map { run in
            Outcome(signal: signs[run[0]] == 1 ? .high : .low, days: run.map { days[$0] })
        }
    }

    /// Which way a day exceeds, 0 where it does not; nil where its observations contradict each other.
    private func sign(_ day: ResidualDay) -> Int? {
        guard !day.isTorn else { return nil }
        return abs(day.zScore) >= leastScore ? (day.zScore > 0 ? 1 : -1) : 0
    }

    /// Marked days of one sign, not further apart than `gap` days of observation and with nothing but quiet days
    /// between them, are one run.
    private func joined(_ isInRun: [Bool], _ signs: [Int?], gap: Int) -> [[Int]] {
        var runs: [[Int]] = []
        for place in isInRun.indices where isInRun[place] {
            if let last = runs.last?.last, place - last <= gap, signs[last] == signs[place],
                signs[(last + 1)..<place].allSatisfy({ $0 == 0 })
            {
                runs[runs.count - 1].append(place)
            } else {
                runs.append([place])
            }
        }
        return runs
    }
}
