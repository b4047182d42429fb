import Geo
import Quantities
import Verification

@testable import Report

/// Reports that a careless renderer would trip over.
enum BadReports {
    static let attack = "<script>alert('1')</script>\" onmouseover=\"x & y"

    /// Markup and quotes in every text.
    static var hostile: VerificationReport {
        let bad = name(attack)
        var report = SampleReport.report
        report.title = bad
        report.summary = bad
        report.region = bad
        report.scope = [(bad, bad)]
        report.fitUnit = attack
        report.groups = [
            ComparisonGroup(
                title: bad,
                unit: bad,
                comparisons: [
                    SampleReport.comparison(bad, inventory: estimate(10, 1), posterior: estimate(11, 1))
                ],
                correlations: []
            )
        ]
        report.map.boundaryCredit = bad
        report.map.labelledRegions = [(0, bad)]
        report.map.sites = report.map.sites.map { .init(name: bad, position: $0.position, kind: $0.kind) }
        report.states = SampleReport.states.map {
            StateRow(
                name: bad,
                unit: attack,
                prior: $0.prior,
                posterior: $0.posterior,
                averagingKernel: $0.averagingKernel
            )
        }
        report.diagnostics = [Diagnostic(name: bad, value: 1, meaning: bad)]
        report.caveats = [bad]
        report.provenance = Provenance(
            software: attack,
            command: attack,
            configuration: attack,
            inputs: [
                .init(
                    role: LocalizedName(english: attack),
                    name: attack,
                    sha256: attack,
                    credit: LocalizedName(english: attack)
                )
            ],
            environment: [(LocalizedName(english: attack), LocalizedName(english: attack))]
        )
        return report
    }

    static var empty: VerificationReport {
        VerificationReport(
            title: name(""),
            summary: name(""),
            gas: .co2,
            period: Period(start: SampleReport.start, end: SampleReport.start),
            groups: [],
            map: ReportMap(
                box: valid(BoundingBox(west: 0, south: -90, east: 360, north: 90)),
                layer: nil,
                mask: nil,
                labelledRegions: [],
                sites: [],
                boundaryCredit: name("")
            ),
            fit: [],
            fitUnit: "",
            states: [],
            diagnostics: [],
            observations: [],
            caveats: [],
            provenance: Provenance(
                software: "",
                command: "",
                configuration: "",
                inputs: [],
                environment: []
            )
        )
    }

    /// NaN, infinities, huge and tiny numbers, arrays that do not fit.
    static var notFinite: VerificationReport {
        let values = [Double.nan, .infinity, -.infinity, 0, -1, 1e300, 1e-300]
        var report = SampleReport.report
        let comparisons = values.flatMap { mean in
            values.map { sigma in
                SampleReport.comparison(
                    name("r"),
                    inventory: estimate(sigma, mean),
                    posterior: estimate(mean, sigma)
                )
            }
        }
        report.groups = [
            ComparisonGroup(title: name("a"), unit: name("1"), comparisons: comparisons, correlations: []),
            ComparisonGroup(title: name("b"), unit: name("1"), comparisons: [], correlations: [1]),
            ComparisonGroup(
                title: name("c"),
                unit: name("1"),
                comparisons: Array(comparisons.prefix(2)),
                correlations: [.nan, .infinity, 2, -7]
            ),
            ComparisonGroup(
                title: name("d"),
                unit: name("1"),
                comparisons: Array(comparisons.prefix(3)),
                correlations: [1]
            ),
        ]
        report.states = values.map {
            StateRow(
                name: name("s"),
                unit: "1",
                prior: estimate($0, $0),
                posterior: estimate($0, $0),
                averagingKernel: $0
            )
        }
        report.diagnostics = values.map { Diagnostic(name: name("d"), value: $0, meaning: name("m")) }
        report.fit = values.map {
            ObservationFit(
                time: SampleReport.start,
                observed: $0,
                sigma: $0,
                prior: $0,
                posterior: $0,
                isUsed: true
            )
        }
        report.map.layer?.values = [Double](repeating: .nan, count: 96)
        report.map.labelledRegions = [(-5, name("x")), (99, name("y"))]
        report.observations = [
            ObservationUse(name: name("o"), available: 0, used: 0, scale: "", excluded: []),
            ObservationUse(
                name: name("o"),
                available: .max,
                used: .min,
                scale: "",
                excluded: [(name("e"), .max), (name("e"), .max)]
            ),
        ]
        return report
    }
}
