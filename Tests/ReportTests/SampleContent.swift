import Quantities
import Verification

@testable import Report

/// Everything that the template may hold, made up.
enum SampleContent {
    static let unit = name("kt CH₄ yr⁻¹", "千吨 CH₄/年")
    static let inputs = ["problem.nc"]

    /// The sample with all fourteen tables and eight figures.
    static var full: VerificationReport {
        var report = SampleReport.report
        report.groups[0].inputs = inputs
        report.groups[1].facilities = [0]
        report.groups += [
            group(.subRegions, name("Counties", "县"), [("Upper", "上县", 300, 40), ("Lower", "下县", 215, 12)]),
            group(.sectors, name("Sectors", "部门"), [("Energy", "能源", 610, 80), ("Waste", "废弃物", 402, 33)]),
        ]
        report.content = content
        report.content.residuals = [
            residuals(SampleReport.plants.comparisons[0].region, shift: 1.5, [.overpass, .stationDay]),
            residuals(name("Kiln", "窑炉"), shift: 0, [.overpass]),
        ]
        report.content.residuals[0].cases = ["plant-co2-1"]
        report.content.fluxMaps = [report.map.layer].compactMap { $0 }
        return report
    }

    /// Twelve observations of which the last eight are shifted, by their charts with a step of 0.5.
    static func residuals(
        _ facility: LocalizedName,
        shift: Double,
        _ kinds: [Evidence.Kind]
    ) -> FacilityResiduals {
        let charts = kinds.map { kind in
            var sums = CumulativeSumChart()
            let times = (0..<12).map { SampleReport.start.advanced(bySeconds: Double($0) * 86_400 * 9) }
            let signals = times.indices.map { place in
                (signal: sums.take(place < 4 ? 0.2 : shift), high: sums.high, low: sums.low)
            }
            let alarm = signals.firstIndex { $0.signal != .none }.map {
                FacilityResiduals.Chart.Alarm(time: times[$0], signal: signals[$0].signal)
            }
            return FacilityResiduals.Chart(
                kind: kind,
                observations: times.count,
                meanScore: (0.8 + 8 * shift) / 12,
                alarms: (alarm, alarm),
                lastingDays: shift > 0 ? 8 : 0,
                points: zip(times, signals).map { .init(time: $0, high: $1.high, low: $1.low) }
            )
        }
        return FacilityResiduals(
            facility: facility,
            unit: unit,
            charts: charts,
            rules: FacilityRules(),
            inputs: inputs
        )
    }

    private static func group(
        _ role: ComparisonGroup.Role,
        _ title: LocalizedName,
        _ rows: [(String, String, Double, Double)]
    ) -> ComparisonGroup {
        var group = ComparisonGroup(
            title: title,
            unit: unit,
            comparisons: rows.map { english, chinese, mean, sigma in
                SampleReport.comparison(
                    name(english, chinese),
                    inventory: estimate(mean * 1.2, mean * 0.3),
                    posterior: estimate(mean, sigma)
                )
            },
            correlations: []
        )
        group.role = role
        group.inputs = inputs
        return group
    }

    static var content: TemplateContent {
        var content = evidence
        content.findings = [
            FindingRow(
                subject: name("North", "北省"),
                evidence: name("z −4.7", "z −4.7"),
                reason: name("abandoned wells", "废弃井"),
                direction: .inventoryToReview,
                state: name("open", "待定"),
                inputs: inputs
            )
        ]
        content.targets = [target]
        content.quadrant = quadrant
        content.scenario = scenario
        content.versions = [ScopeFact(name: name("Factors", "因子"), value: name("ipcc-2006/1"))]
        content.signatures = [Signature(role: .compiler, name: "—", date: "2031-02-01")]
        return content
    }

    private static var evidence: TemplateContent {
        var content = TemplateContent()
        content.scope = [
            ScopeFact(name: name("Boundary", "边界"), value: name("scope 1", "范围一"), inputs: inputs)
        ]
        content.sectors = [
            InventorySector(
                name: name("Energy", "能源"),
                group: nil,
                unit: unit,
                emission: estimate(1210, 141),
                share: 0.48,
                method: name("Tier 2", "二级方法"),
                inputs: inputs
            ),
            InventorySector(
                name: name("Waste", "废弃物"),
                group: nil,
                unit: unit,
                emission: estimate(1303.4, 9.2),
                share: 0.52,
                method: name("Tier 1", "一级方法"),
                inputs: inputs
            ),
        ]
        content.series = series
        content.databases = databases
        content.trends = [trend]
        content.sensitivity = [
            SensitivityRow(
                choice: name("background +2 ppb", "背景 +2 ppb"),
                quantity: name("North", "北省"),
                unit: unit,
                posterior: estimate(988, 61),
                shift: -0.4,
                inputs: inputs
            )
        ]
        content.budget = [
            BudgetRow(
                component: name("transport", "传输"),
                quantity: name("North", "北省"),
                unit: unit,
                standardDeviation: 41,
                share: 0.47,
                basis: name("innovations", "新息"),
                inputs: inputs
            )
        ]
        return content
    }

    private static var quadrant: QuadrantChart {
        QuadrantChart(
            horizontal: name("state", "状态"),
            vertical: name("trend", "趋势"),
            points: (0..<6).map { index in
                QuadrantChart.Point(
                    name: name("City \(index)", "城市\(index)"),
                    x: Double(index * 7 % 5),
                    y: Double(index * 3 % 4),
                    size: Double(index)
                )
            },
            inputs: inputs
        )
    }

    private static var scenario: ScenarioFan {
        ScenarioFan(
            name: name("Current policies", "现有政策"),
            unit: unit,
            years: (2030...2040).map { year in
                let middle = 2500 - 3 * Double((year - 2033) * (year - 2033))
                return ScenarioFan.Year(year: year, quantiles: [0.8, 0.9, 1, 1.1, 1.2].map { $0 * middle })
            },
            peakYears: [(2031, 0.2), (2033, 0.5), (2035, 0.25)],
            inputs: inputs
        )
    }

    private static var series: [EmissionSeries] {
        [
            EmissionSeries(
                name: name("Inventory", "清单"),
                region: name("Atlantis", "亚特兰蒂斯"),
                kind: .bottomUp,
                unit: unit,
                points: (2020..<2030).map { ($0, estimate(2600 - 10 * Double($0 - 2020), 120)) },
                inputs: inputs
            ),
            EmissionSeries(
                name: name("Inversion", "反演"),
                region: name("Atlantis", "亚特兰蒂斯"),
                kind: .topDown,
                unit: unit,
                points: (2024..<2030).map { ($0, estimate(2100 - 40 * Double($0 - 2024), 90)) },
                inputs: inputs
            ),
        ]
    }

    private static var databases: DatabaseComparison {
        DatabaseComparison(
            unit: unit,
            databases: [name("EDGAR", "EDGAR"), name("National", "国家清单"), name("Third", "第三方")],
            keys: ["edgar", "national", "third"],
            regions: [
                .init(
                    name: name("North", "北省"),
                    values: [estimate(1900, 200), estimate(2001, 210), nil],
                    median: 1950.5,
                    relativeRange: 0.052,
                    outliers: []
                ),
                .init(
                    name: name("South", "南省"),
                    values: [estimate(512, 50), estimate(498, 44), estimate(901, .nan)],
                    median: 512,
                    relativeRange: 0.787,
                    outliers: [2]
                ),
            ],
            notes: [],
            inputs: inputs
        )
    }

    private static var trend: TrendRow {
        TrendRow(
            subject: name("Inventory", "清单"),
            unit: unit,
            years: "2020–2029",
            count: 10,
            slope: (-10, -12.5, -7.5),
            test: (-45, -3.94, 8.3e-5),
            method: name("exact", "精确"),
            statement: name("falls", "下降"),
            inputs: inputs
        )
    }

    private static var target: TargetRow {
        TargetRow(
            indicator: name("Energy use", "能源消费总量"),
            region: name("Atlantis", "亚特兰蒂斯"),
            kind: name("total", "总量"),
            unit: name("10⁴ tce", "万吨标准煤"),
            years: (2025, 2030, 2028),
            values: (9500, 9720, 0.56),
            source: name("plan", "规划"),
            inputs: inputs
        )
    }
}
