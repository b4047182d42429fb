/// Checks of the source documents' tables against themselves. Known defects are reported with the printed and the
/// computed number; no number is ever repaired.
public struct SourceDefects: Codable, Sendable {
    public let findings: [SourceFinding]

    /// Tables by the names of their files without extension.
    public static let tableNames = [
        "ccni_2021_2022_city_scores", "ccni_change_classes", "ccni_yearly_totals", "pcni_yearly_totals",
        "pcni_2023_2024_ranking", "coal_control_2021_table6", "regional_co2_2021_table4",
        "regional_co2_2021_totals_and_shares", "regional_climate_action_scores", "city_classes_35",
        "peak_target_year_35_cities", "provincial_peak_targets_003", "progress_2019_vs_2018_35_cities",
        "named_top5_001", "qingdao_2019_industrial_energy", "seed_conversion_factors",
    ]

    /// - Parameters:
    ///   - tables: those of ``tableNames``; what is absent is reported as missing. With a table
    ///     `ceads_provinces_vs_national` (year, national) the printed national total is compared too.
    ///   - catalogue: for the factors and what is made from what.
    ///   - account: of the table of Qingdao, for its sums.
    public init(_ tables: [SourceTable], catalogue: FuelCatalogue, account: Account? = nil) {
        let checks = SourceChecks(tables)
        let missing = Self.tableNames.filter { checks[$0].header.isEmpty }.map { name in
            SourceFinding(
                "-",
                .missingTable,
                table: name,
                row: "",
                "the table is not there, its checks were left out",
                "缺少该表, 未作检查"
            )
        }
        let found =
            checks.cityIndex() + checks.provinceIndex() + checks.coalControl() + checks.shares()
            + checks.classes() + checks.actionIndex() + checks.changeClasses()
            + checks.factors(catalogue) + checks.qingdao(catalogue, account) + checks.progress()
            + checks.intensities() + checks.peakTargets() + checks.nationalTotal() + checks.units()
        findings =
            missing
            + found.filter { finding in !missing.contains { $0.table == finding.table } }
            .enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }.map(
                \.element
            )
    }

    /// All findings of one check, e.g. `B3`.
    public func findings(_ id: String) -> [SourceFinding] { findings.filter { $0.id == id } }

    /// What a reader of the documents must know.
    public var defects: [SourceFinding] {
        findings.filter { [.defect, .definition, .notReproducible, .missingTable].contains($0.verdict) }
    }
}

extension SourceFinding {
    /// A1, A2, ... B1, ... B12.
    fileprivate var order: Int {
        (id.hasPrefix("B") ? 100 : 0) + (Int(id.dropFirst()) ?? 0)
    }
}

/// The tables and what all checks share.
struct SourceChecks {
    private let tables: [String: SourceTable]

    init(_ tables: [SourceTable]) {
        self.tables = Dictionary(tables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// An empty table where it is absent.
    subscript(name: String) -> SourceTable {
        tables[name] ?? SourceTable(name: name, header: [], rows: [])
    }

    /// Printed beside computed.
    ///
    /// - Parameters:
    ///   - digits: rounding of the printed number.
    ///   - bound: rounding of all numbers that the computed one is made of; that of the print where nil.
    func compare(
        _ id: String,
        _ table: String,
        _ row: String,
        printed: Double?,
        computed: Double?,
        unit: String,
        digits: Double,
        bound: Double? = nil,
        _ english: String,
        _ chinese: String
    ) -> SourceFinding {
        let verdict: SourceFinding.Verdict
        if let printed, let computed {
            let difference = abs(printed - computed)
            let slack = 1e-9 * max(1, abs(printed))
            verdict =
                difference <= digits + slack
                ? .reproduced : difference <= (bound ?? digits) + slack ? .rounding : .defect
        } else {
            verdict = .notReproducible
        }
        return SourceFinding(
            id,
            verdict,
            table: table,
            row: row,
            printed: printed,
            computed: computed,
            unit: unit,
            tolerance: bound ?? digits,
            english,
            chinese
        )
    }

    /// Sum of columns in the row with a text.
    func sum(_ table: SourceTable, _ columns: [String], where key: String, is text: String) -> Double? {
        var sum = 0.0
        for column in columns {
            guard let number = table.number(column, where: key, is: text) else { return nil }
            sum += number
        }
        return sum
    }
}
