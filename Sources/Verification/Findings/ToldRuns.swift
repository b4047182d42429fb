import Quantities

/// The runs of a facility as a ground names them: those of one kind and way that overlap are one shift, told by the
/// latest; each other stands with its dates.
struct ToldRuns {
    /// By time; the latest ones where there are many.
    let runs: [FacilityReview.Run]
    private let earlier: Int
    /// The latest run, and one of the other kind of observation that says the opposite of it at the same time.
    let contradiction: (FacilityReview.Run, FacilityReview.Run)?

    private static let greatestNumber = 4

    /// - Parameter lasting: by time of their last observation.
    init(_ lasting: [FacilityReview.Run]) {
        var told: [FacilityReview.Run] = []
        for run in lasting {
            told.removeAll { $0.kind == run.kind && $0.signal == run.signal && $0.overlaps(run) }
            told.append(run)
        }
        runs = Array(told.suffix(Self.greatestNumber))
        earlier = told.count - runs.count
        contradiction = told.last.flatMap { last in
            lasting.last { $0.kind != last.kind && $0.signal != last.signal && $0.overlaps(last) }
                .map { ($0, last) }
        }
    }

    func ground(_ rule: PersistenceRule) -> LocalizedName {
        if let (first, second) = contradiction {
            let clauses = [first, second].map { $0.clause(rule) }
            return LocalizedName(
                english: "overpasses and station days contradict each other: \(clauses[0].english), "
                    + "but \(clauses[1].english)",
                chinese: "过境观测与站点观测相互矛盾：\(clauses[0].chinese)，但\(clauses[1].chinese)"
            )
        }
        let clauses = runs.map { $0.clause(rule) }
        let before =
            earlier == 0
            ? LocalizedName(english: "", chinese: "")
            : LocalizedName(
                english: earlier == 1 ? "1 earlier run; then " : "\(earlier) earlier runs; then ",
                chinese: "此前另有\(earlier)段；其后"
            )
        return LocalizedName(
            english: before.english + clauses.map(\.english).joined(separator: "; then "),
            chinese: before.chinese + clauses.map(\.chinese).joined(separator: "；其后")
        )
    }
}

extension FacilityReview.Run {
    /// What was seen when, in words.
    fileprivate func clause(_ rule: PersistenceRule) -> LocalizedName {
        let way = signal == .high ? ("above", "高于") : ("below", "低于")
        let need = rule.days(of: kind) ?? (0, 0)
        let isWindow = need.among > need.exceeding
        switch self.rule {
        case .persistence:
            let asked = isWindow ? "\(need.exceeding) of \(need.among)" : "\(need.exceeding)"
            let chineseAsked = isWindow ? "\(need.among)天中\(need.exceeding)天" : "\(need.exceeding)天"
            return LocalizedName(
                english: "found \(way.0) declared by \(rule.leastScore) sigma or more on "
                    + "\(kind.days(days.count).english), \(span) (the rule asks for \(asked))",
                chinese: "\(kind.days(days.count).chinese)实测\(way.1)申报值\(rule.leastScore)σ以上"
                    + "（\(span)），规则为\(chineseAsked)"
            )
        case .chart:
            let beyond = daysBeyond == 1 ? "1 more day" : "\(daysBeyond) more days"
            return LocalizedName(
                english: "found \(way.0) declared: a control chart alarmed and stayed beyond its limits for "
                    + "\(beyond), \(kind.days(days.count).english) of the \(daysSinceShift) "
                    + "since the shift, \(span)",
                chinese: "实测\(way.1)申报值：控制图报警后又连续\(daysBeyond)天超限，自偏移起\(daysSinceShift)天中"
                    + "\(kind.days(days.count).chinese)（\(span)）"
            )
        }
    }
}

extension Evidence.Kind {
    /// So many days of it, in words.
    fileprivate func days(_ count: Int) -> LocalizedName {
        let days = count == 1 ? "day" : "days"
        return switch self {
        case .overpass: LocalizedName(english: "\(count) \(days) of overpasses", chinese: "过境观测\(count)天")
        case .stationDay: LocalizedName(english: "\(count) station \(days)", chinese: "站点观测\(count)天")
        case .comparison: LocalizedName(english: "\(count) \(days)", chinese: "\(count)天")
        }
    }
}
