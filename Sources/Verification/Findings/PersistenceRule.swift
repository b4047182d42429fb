import Foundation
import Quantities

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
    /// Standardised residual from which an observation exceeds.
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
        /// The exceedances of the latest run, by time; those a case is opened with where there is a signal.
        public let evidence: [Evidence]
    }

    /// Whether the latest run of exceedances is long enough, in overpasses or in station days.
    ///
    /// - Parameter evidence: of one facility, in any order; observations without uncertainty are left out.
    public func judge(_ evidence: [Evidence]) -> Outcome {
        let overpassRun = run(evidence, of: .overpass)
        if overpasses > 0, days(overpassRun) >= overpasses { return outcome(overpassRun) }
        let stationRun = run(evidence, of: .stationDay)
        if stationDays > 0, days(stationRun) >= stationDays { return outcome(stationRun) }
        return Outcome(signal: .none, evidence: overpassRun + stationRun)
    }

    private func outcome(_ run: [Evidence]) -> Outcome {
        Outcome(signal: (run.last?.zScore ?? 0) > 0 ? .high : .low, evidence: run)
    }

    private func days(_ run: [Evidence]) -> Int { Set(run.map(\.day)).count }

    /// The exceedances of one sign at the end of the series, day by day: a day counts when the strongest residual
    /// of that day exceeds and none exceeds the other way.
    private func run(_ evidence: [Evidence], of kind: Evidence.Kind) -> [Evidence] {
        let own = evidence.filter { $0.kind == kind && $0.zScore.isFinite }
        let byDay = Dictionary(grouping: own, by: \.day)
        var run: [Evidence] = []
        var sign: FloatingPointSign?
        for day in byDay.keys.sorted(by: >) {
            let exceeding = (byDay[day] ?? []).filter { abs($0.zScore) >= leastScore }
            let signs = Set(exceeding.map(\.residual.mean.sign))
            guard let only = signs.first, signs.count == 1, sign == nil || sign == only else { break }
            sign = only
            run += exceeding
        }
        return run.sorted { ($0.time, $0.source) < ($1.time, $1.source) }
    }
}

// MARK: - All runs

extension PersistenceRule {
    /// A day on which a facility was observed.
    private struct Day {
        let exceeding: [Evidence]
        /// Which way; nil where some exceed the one way and some the other.
        let sign: Int?
        var isInRun = false

        init(_ evidence: [Evidence], leastScore: Double) {
            exceeding = evidence.filter { abs($0.zScore) >= leastScore }
            let signs = Set(exceeding.map { $0.zScore > 0 ? 1 : -1 })
            sign = signs.isEmpty ? 0 : signs.count == 1 ? signs.first : nil
        }
    }

    /// Every run of exceedances that was long enough at some time, whether or not it lasts: what a rule applied day by
    /// day would have found. By time.
    ///
    /// - Parameter evidence: of one facility, in any order; observations without uncertainty are left out.
    public func runs(_ evidence: [Evidence], of kind: Evidence.Kind) -> [Outcome] {
        guard let need = days(of: kind) else { return [] }
        let own = Dictionary(grouping: evidence.filter { $0.kind == kind && $0.zScore.isFinite }, by: \.day)
        var days = own.keys.sorted().map { Day(own[$0] ?? [], leastScore: leastScore) }
        for last in days.indices {
            let window = max(0, last - need.among + 1)...last
            for sign in [1, -1] where days[last].sign == sign {
                let isOneSided = days[window].allSatisfy { $0.sign == 0 || $0.sign == sign }
                guard isOneSided, days[window].count(where: { $0.sign == sign }) >= need.exceeding else {
                    continue
                }
                for day in window where days[day].sign == sign { days[day].isInRun = true }
            }
        }
        return joined(days, gap: need.among - need.exceeding + 1)
    }

    /// Marked days of one sign, not further apart than `gap` days of observation, are one run.
    private func joined(_ days: [Day], gap: Int) -> [Outcome] {
        var runs: [[Int]] = []
        for place in days.indices where days[place].isInRun {
            if let last = runs.last?.last, place - last <= gap, days[last].sign == days[place].sign {
                runs[runs.count - 1].append(place)
            } else {
                runs.append([place])
            }
        }
        return runs.map { run in
            outcome(
                run.flatMap { days[$0].exceeding }.sorted { ($0.time, $0.source) < ($1.time, $1.source) }
            )
        }
    }

    // MARK: - Chance

    /// Most runs that chance alone begins in so many days with one observation each, when the residuals are independent
    /// and Gaussian: with q the share of days that exceed one way, each day ends a run of k with probability
    /// 2 (1 - q) qᵏ, and is among windows that hold k of n with at most 2 P(B(n, q) >= k).
    public func expectedFalseRuns(days count: Int, of kind: Evidence.Kind) -> Double {
        guard let need = days(of: kind), count >= need.exceeding else { return 0 }
        let share = normalProbability(below: -leastScore)
        let starts = Double(count - need.exceeding)
        guard need.among > need.exceeding else {
            return 2 * pow(share, Double(need.exceeding)) * (1 + starts * (1 - share))
        }
        let tail = (need.exceeding...need.among).reduce(0.0) { sum, hits in
            let ways = exp(
                lgamma(Double(need.among + 1)) - lgamma(Double(hits + 1))
                    - lgamma(Double(need.among - hits + 1))
            )
            return sum + ways * pow(share, Double(hits)) * pow(1 - share, Double(need.among - hits))
        }
        return 2 * tail * (starts + 1)
    }
}
