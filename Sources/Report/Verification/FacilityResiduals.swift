public import Quantities
public import Verification

/// What the observations of a facility over time say of the figure it declares (T7).
public struct FacilityResiduals: Sendable {
    /// The control charts of one kind of observation.
    public struct Chart: Sendable {
        public struct Point: Sendable {
            public var time: Instant
            /// Sums of what was found above and below the declared figure, both of them 0 or more.
            public var high: Double
            public var low: Double

            public init(time: Instant, high: Double, low: Double) {
                (self.time, self.high, self.low) = (time, high, low)
            }
        }

        /// The first alarm of a chart.
        public struct Alarm: Sendable {
            public var time: Instant
            public var signal: ChartSignal

            public init(time: Instant, signal: ChartSignal) { (self.time, self.signal) = (time, signal) }
        }

        public var kind: Evidence.Kind
        /// Used in the charts.
        public var observations: Int
        /// Of the residuals over their standard deviations; NaN without one.
        public var meanScore: Double
        public var cumulativeAlarm: Alarm?
        public var averageAlarm: Alarm?
        /// Of the latest run that asks for a case; 0 where none does.
        public var lastingDays: Int
        public var points: [Point]

        public init(
            kind: Evidence.Kind,
            observations: Int,
            meanScore: Double,
            alarms: (cumulative: Alarm?, average: Alarm?),
            lastingDays: Int,
            points: [Point]
        ) {
            self.kind = kind
            self.observations = observations
            self.meanScore = meanScore
            (cumulativeAlarm, averageAlarm) = alarms
            self.lastingDays = lastingDays
            self.points = points
        }
    }

    public var facility: LocalizedName
    public var unit: LocalizedName
    /// Of each kind of observation; empty where none could be used.
    public var charts: [Chart]
    /// What the charts were drawn with.
    public var rules: FacilityRules
    /// Ids of its review cases.
    public var cases: [String] = []
    public var inputs: [String]

    public init(
        facility: LocalizedName,
        unit: LocalizedName,
        charts: [Chart],
        rules: FacilityRules,
        inputs: [String]
    ) {
        self.facility = facility
        self.unit = unit
        self.charts = charts
        self.rules = rules
        self.inputs = inputs
    }
}

// MARK: - T7

extension VerificationReport {
    /// The facilities of the inversion, then those that only observations over time are given of. A facility has a row
    /// for each kind of observation; the figures of the inversion stand in its first.
    var facilityTable: ReportTable? {
        let compared = groups.flatMap { group in
            group.facilities.filter(group.comparisons.indices.contains).map { (group, group.comparisons[$0]) }
        }
        guard !content.residuals.isEmpty else {
            let rows = compared.map { group, comparison in
                ReportTable.Row(cells(comparison, group), inputs: group.inputs)
            }
            return table(.facilities, Columns.facility, rows)
        }
        let names = Set(compared.map(\.1.region.english))
        let own = compared.flatMap { group, comparison in
            Self.rows(
                cells(comparison, group),
                content.residuals.filter { $0.facility.english == comparison.region.english },
                inputs: group.inputs
            )
        }
        let blank = [ReportTable.Cell](repeating: .empty, count: Columns.facility.count - 2)
        let others = content.residuals.filter { !names.contains($0.facility.english) }.flatMap { residuals in
            let title: [ReportTable.Cell] = [.text(residuals.facility), .text(residuals.unit)]
            return Self.rows(title + (compared.isEmpty ? [] : blank), [residuals], inputs: [])
        }
        let columns = compared.isEmpty ? Array(Columns.facility.prefix(2)) : Columns.facility
        let notes = content.residuals.prefix(1).map { TemplateText.residualNote($0.rules) }
        var found = table(.facilities, columns + Columns.residuals, own + others, notes)
        if !compared.isEmpty { found?.continuation = (columns.count, TemplateText.overTime) }
        return found
    }

    /// The Chinese name may be in one of the tables only.
    private func facilityName(_ name: LocalizedName) -> LocalizedName {
        let names = content.residuals.map(\.facility).filter { $0.english == name.english }
        return name.chinese == name.english ? names.first ?? name : name
    }

    private func cells(_ comparison: Comparison, _ group: ComparisonGroup) -> [ReportTable.Cell] {
        [
            .text(facilityName(comparison.region)), .text(group.unit), .estimate(comparison.inventory),
            .estimate(comparison.prior), .estimate(comparison.posterior),
            .signed(comparison.zScore, decimals: 2), .share(comparison.uncertaintyReduction),
            .verdict(comparison.verdict, comparison.reservation),
        ]
    }

    /// A row for each chart behind the cells of the facility, which are not repeated but for its name and unit.
    private static func rows(
        _ cells: [ReportTable.Cell],
        _ residuals: [FacilityResiduals],
        inputs: [String]
    ) -> [ReportTable.Row] {
        let further = residuals.flatMap { residuals -> [[ReportTable.Cell]] in
            let known = residuals.cases
            let cases: ReportTable.Cell =
                known.isEmpty ? .empty : .text(TemplateText.list(known.map { LocalizedName(english: $0) }))
            guard !residuals.charts.isEmpty else {
                return [[.empty, .count(0), .number(.nan), .empty, .empty, .count(0), cases]]
            }
            return residuals.charts.map { chart in
                [
                    .text(TemplateText.kind(chart.kind)), .count(chart.observations),
                    .signed(chart.meanScore, decimals: 2), .text(TemplateText.alarm(chart.cumulativeAlarm)),
                    .text(TemplateText.alarm(chart.averageAlarm)), .count(chart.lastingDays), cases,
                ]
            }
        }
        let sources = inputs + residuals.flatMap(\.inputs).filter { !inputs.contains($0) }
        let none = [ReportTable.Cell](repeating: .empty, count: Columns.residuals.count)
        let repeated =
            Array(cells.prefix(2))
            + [ReportTable.Cell](repeating: .empty, count: max(0, cells.count - 2))
        return (further.isEmpty ? [none] : further).enumerated().map { place, charts in
            ReportTable.Row((place == 0 ? cells : repeated) + charts, inputs: sources)
        }
    }
}

extension TemplateText {
    static let overTime = LocalizedName(english: "Largest facilities over time", chinese: "重点排放单位逐次观测")

    static func kind(_ kind: Evidence.Kind) -> LocalizedName {
        switch kind {
        case .overpass: LocalizedName(english: "overpasses", chinese: "过境")
        case .stationDay: LocalizedName(english: "station days", chinese: "站点日")
        case .comparison: LocalizedName(english: "comparisons", chinese: "比较")
        }
    }

    static func alarm(_ alarm: FacilityResiduals.Chart.Alarm?) -> LocalizedName {
        guard let alarm, alarm.signal != .none else { return LocalizedName(english: "none", chinese: "无") }
        let day = TimeText.date(alarm.time)
        return alarm.signal == .high
            ? LocalizedName(english: "above, \(day)", chinese: "偏高，\(day)")
            : LocalizedName(english: "below, \(day)", chinese: "偏低，\(day)")
    }

    static func residualNote(_ rules: FacilityRules) -> LocalizedName {
        let (sums, average) = (rules.sums, rules.average)
        return LocalizedName(
            english: """
                Observations over time: z is found less declared over its standard deviation, above where more is \
                found. Control charts of z with their first alarm: CUSUM with allowance \(sums.allowance) and limit \
                \(sums.limit), EWMA with weight \(average.weight) and width \(average.width). An alarm alone opens no \
                case; days are those of the latest run that asks for one.
                """,
            chinese: """
                逐次观测：z 为实测与申报之差除以其标准差，偏高指实测高于申报。控制图列首次报警：CUSUM 容许值 \(sums.allowance)、\
                界限 \(sums.limit)，EWMA 权重 \(average.weight)、界宽 \(average.width)。单次报警不立项；持续天数为最近一段达到立项条件的天数。
                """
        )
    }
}
