import Geo
import Quantities
import Verification

@testable import Report

func name(_ english: String, _ chinese: String? = nil) -> LocalizedName {
    LocalizedName(english: english, chinese: chinese)
}

func estimate(_ mean: Double, _ sigma: Double) -> Estimate {
    Estimate(mean: mean, standardDeviation: sigma)
}

/// A value that the test wrote down itself.
func valid<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("the test is wrong") }
    return value
}

/// A small made-up report that has something of everything.
enum SampleReport {
    static let start = Instant(CivilTime(year: 2030, month: 1, day: 1))

    static var report: VerificationReport {
        var report = VerificationReport(
            title: name("Emissions of Atlantis", "亚特兰蒂斯排放核查"),
            summary: name("Two provinces were compared.", "比较了两个省。"),
            gas: .ch4,
            period: Period(start: start, end: start.advanced(bySeconds: 2 * 86_400)),
            groups: [provinces, plants],
            map: map,
            fit: fit(timed: true),
            fitUnit: "ppb",
            states: states,
            diagnostics: [
                Diagnostic(name: name("Cost J/n", "代价 J/n"), value: 1.0035, meaning: name("near 1", "接近 1")),
                Diagnostic(name: name("Condition", "条件数"), value: .infinity, meaning: name("finite", "有限")),
            ],
            observations: [
                ObservationUse(
                    name: name("Tower", "高塔"),
                    available: 20_000,
                    used: 18_620,
                    scale: "WMO-CH4-X2004A",
                    excluded: [(name("flagged", "质控标记"), 1_300)]
                )
            ],
            caveats: [name("Made up.", "虚构数据。")],
            provenance: provenance
        )
        report.region = name("Atlantis", "亚特兰蒂斯")
        report.scope = [(name("Territory", "地域"), name("all land", "全部陆地"))]
        return report
    }

    static let provinces = ComparisonGroup(
        title: name("Provinces", "省"),
        unit: name("kt CH₄ yr⁻¹", "千吨 CH₄/年"),
        comparisons: [
            comparison(name("North", "北省"), inventory: estimate(2001, 200), posterior: estimate(1012, 60)),
            comparison(name("South", "南省"), inventory: estimate(512, 50), posterior: estimate(530.4, 41.26)),
            comparison(name("Isles", "群岛"), inventory: estimate(40, 8), posterior: estimate(41, 39)),
        ],
        correlations: [1, -0.62, 0.05, -0.62, 1, 0.1, 0.05, 0.1, 1]
    )

    static let plants = ComparisonGroup(
        title: name("Plants", "电厂"),
        unit: name("1"),
        comparisons: [
            Comparison(
                region: name("Plant A", "甲电厂"),
                inventory: estimate(1, 0.1),
                prior: estimate(0.7, 0.5),
                posterior: estimate(0.99138, 0.02886),
                inventoryIsPrior: false,
                truth: 1
            )
        ],
        correlations: []
    )

    static func comparison(
        _ region: LocalizedName,
        inventory: Estimate,
        posterior: Estimate
    ) -> Comparison {
        Comparison(
            region: region,
            inventory: inventory,
            prior: estimate(inventory.mean, inventory.mean),
            posterior: posterior,
            inventoryIsPrior: true
        )
    }

    static var map: ReportMap {
        let grid = grid(columns: 12, rows: 8, step: 0.5)
        let regions = (0..<96).map { cell -> Int32 in
            let (row, column) = (cell / 12, cell % 12)
            guard (1...6).contains(row), (2...9).contains(column) else { return -1 }
            return row > 3 ? 0 : 1
        }
        let flux = (0..<96).map { cell -> Double in
            let size = Double(cell)
            return cell % 7 == 0 ? Double.nan : 1e-4 * (1 + size * size)
        }
        return ReportMap(
            box: valid(BoundingBox(west: -3, south: 50, east: 3, north: 54)),
            layer: .init(
                name: name("prior flux", "先验通量"),
                unit: "µmol m⁻² s⁻¹",
                grid: .longitudeLatitude(grid),
                values: flux,
                isLogarithmic: true
            ),
            mask: RegionMask(grid: grid, names: ["NORTH", "SOUTH"], index: regions),
            labelledRegions: [(0, name("North", "北省")), (1, name("South", "南省"))],
            sites: [
                .init(
                    name: name("Tower", "高塔"),
                    position: valid(Position(longitude: 0.4, latitude: 52.1)),
                    kind: .station
                ),
                .init(
                    name: name("Plant A", "甲电厂"),
                    position: valid(Position(longitude: 0.5, latitude: 52.2)),
                    kind: .source
                ),
            ],
            boundaryCredit: name("made up", "虚构")
        )
    }

    static func grid(columns: Int, rows: Int, step: Double) -> LatitudeLongitudeGrid {
        valid(
            LatitudeLongitudeGrid(
                latitude: valid(UniformAxis(origin: 50, step: step, count: rows)),
                longitude: valid(UniformAxis(origin: -3, step: step, count: columns))
            )
        )
    }

    static func fit(timed: Bool, count: Int = 12) -> [ObservationFit] {
        (0..<count).map { index in
            let wave = Double(index * 37 % 11)
            return ObservationFit(
                time: timed ? start.advanced(bySeconds: Double(index) * 3600) : nil,
                observed: 1950 + 2 * wave,
                sigma: 3,
                prior: 1940 + wave,
                posterior: 1949.5 + 1.9 * wave,
                isUsed: index % 5 != 4
            )
        }
    }

    static let states = [
        StateRow(
            name: name("Factor", "因子"),
            unit: "1",
            prior: estimate(1, 1),
            posterior: estimate(0.506, 0.03),
            averagingKernel: 0.999
        ),
        StateRow(
            name: name("Boundary", "边界"),
            unit: "ppb",
            prior: estimate(0, 10),
            posterior: estimate(-3.21, 4.4),
            averagingKernel: 0.81
        ),
    ]

    static let provenance = Provenance(
        software: "crosswind 0.1.0",
        command: "crosswind run case.json5",
        configuration: "{ name: \"atlantis\" }",
        inputs: [
            .init(
                role: "sensitivities",
                name: "problem.nc",
                sha256: String(repeating: "0a1b", count: 16),
                credit: "made up"
            )
        ],
        environment: [("seed", "1")]
    )
}
