import Inventory
import Quantities
public import Verification

/// Observations of facilities over time against what they declare: a CSV file with a header, one row an observation.
///
/// Columns `facility`, `time`, `source`, `unit`, `found`, `found_sigma`, `declared`, `declared_sigma` (one standard
/// deviation each), and where known `facility_zh`, `kind` (`overpass`, which is meant where it is blank, or
/// `station_day`), `quality` (`good`, `suspect`, `bad`) and `metered` (`yes`, `no`). Other columns are passed over.
public struct FacilityTable: Sendable {
    private static let required = [
        "facility", "time", "source", "unit", "found", "found_sigma", "declared", "declared_sigma",
    ]
    private static let optional = ["facility_zh", "kind", "quality", "metered"]
    private static let greatestNumber = 1e20

    /// In the order in which they first stand in the file.
    public private(set) var facilities: [FacilityObservations] = []
    /// Rows that are used and whose declared figure is given as exact, `declared_sigma` 0.
    public private(set) var exactDeclared = 0
    /// Rows whose `found` or `found_sigma` is blank: nothing could be estimated.
    public private(set) var blank = 0
    public let origin: (file: String, sha256: String)

    /// - Throws: ``TableError`` naming line and column.
    public init(csvFile file: String) throws(TableError) {
        let bytes = try TableBytes.read(file)
        let source = EvidenceSource(file: file, bytes: bytes)
        origin = (source.name, source.sha256)
        let table = try CSVTable(
            bytes,
            file: file,
            columns: Self.required + Self.optional,
            required: Self.required,
            form: .otherColumns
        )
        guard !table.rows.isEmpty else {
            throw TableError(
                file: file,
                reason: "the table has no rows",
                remedy: "give at least one observation"
            )
        }
        var places: [String: Int] = [:]
        var seen: [ObservationKey: Int] = [:]
        for row in table.rows {
            let name = try Self.nonBlank(row, "facility")
            let place = places[name] ?? facilities.count
            places[name] = place
            if place == facilities.count { facilities.append(try Self.facility(row)) }
            try take(row, at: place, source, &seen)
        }
    }

    private mutating func take(
        _ row: TableRow,
        at place: Int,
        _ source: EvidenceSource,
        _ seen: inout [ObservationKey: Int]
    ) throws(TableError) {
        guard row.text("unit") == facilities[place].unit else {
            throw row.bad(
                "unit",
                "unit `\(row.text("unit"))` where the facility began with `\(facilities[place].unit)`",
                remedy: "give one unit for each facility"
            )
        }
        let kind = try Self.kind(row)
        let time = try row.instant("time")
        let key = ObservationKey(
            place: place,
            kind: kind,
            time: time,
            source: try Self.nonBlank(row, "source")
        )
        if let first = seen.updateValue(row.place.line ?? 0, forKey: key) {
            throw row.bad(
                "time",
                "the observation of \(time) by `\(key.source)` is given twice, first in line \(first)",
                remedy: "keep one of them"
            )
        }
        let isMetered = try row.yesOrNo("metered")
        guard try row.isGood() ?? true else {
            facilities[place].failed += 1
            return
        }
        guard let figures = try Self.figures(row) else {
            blank += 1
            return
        }
        if figures.evidence.declared.standardDeviation == 0 { exactDeclared += 1 }
        facilities[place].evidence.append(
            Self.evidence(key, figures, isMetered, unit: facilities[place].unit, source.origin(of: row))
        )
    }

    private static func evidence(
        _ key: ObservationKey,
        _ figures: (residual: Estimate, evidence: EvidenceFigures),
        _ isMetered: Bool?,
        unit: String,
        _ origin: EvidenceOrigin
    ) -> Evidence {
        var evidence = Evidence(
            kind: key.kind,
            time: key.time,
            source: key.source,
            residual: figures.residual,
            unit: unit,
            lineage: origin.text
        )
        evidence.origin = origin
        evidence.figures = figures.evidence
        evidence.figures?.isMetered = isMetered
        return evidence
    }

    private static func facility(_ row: TableRow) throws(TableError) -> FacilityObservations {
        FacilityObservations(
            facility: LocalizedName(
                english: row.text("facility"),
                chinese: row.optionalText("facility_zh")
            ),
            unit: try nonBlank(row, "unit")
        )
    }

    /// Nil where nothing was found. A figure without an uncertainty is refused: 0 is no measure of what is known.
    private static func figures(
        _ row: TableRow
    ) throws(TableError) -> (residual: Estimate, evidence: EvidenceFigures)? {
        guard row.optionalText("found") != nil, row.optionalText("found_sigma") != nil else { return nil }
        let all = -greatestNumber...greatestNumber
        let positive = Double.leastNormalMagnitude...greatestNumber
        let found = Estimate(
            mean: try row.number("found", in: all, "a usable number"),
            standardDeviation: try row.number("found_sigma", in: positive, "a number above 0, at most 1e20")
        )
        let declared = Estimate(
            mean: try row.number("declared", in: all, "a usable number"),
            standardDeviation: try row.number(
                "declared_sigma",
                in: 0...greatestNumber,
                "a number that is not negative"
            )
        )
        try requirePlausible(found, declared, row)
        let (own, other) = (found.standardDeviation, declared.standardDeviation)
        let residual = Estimate(
            mean: found.mean - declared.mean,
            standardDeviation: (own * own + other * other).squareRoot()
        )
        guard residual.standardDeviation > 0 else { throw row.bad("found_sigma", not: "a usable number") }
        return (
            residual,
            EvidenceFigures(
                declared: declared,
                found: found,
                zScore: residual.mean / residual.standardDeviation
            )
        )
    }

    /// No emission is known to a millionth, and an uncertainty of a million times both figures is a slip of a unit.
    private static let sensibleShares = 1e-6...1e6

    private static func requirePlausible(
        _ found: Estimate,
        _ declared: Estimate,
        _ row: TableRow
    ) throws(TableError) {
        let size = max(abs(found.mean), abs(declared.mean))
        guard size > 0 else { return }
        for (column, sigma) in [
            ("found_sigma", found.standardDeviation), ("declared_sigma", declared.standardDeviation),
        ] where sigma > 0 && !sensibleShares.contains(sigma / size) {
            throw row.bad(
                column,
                "\(column) \(row.text(column)) beside figures of about \(size)",
                remedy: "give one standard deviation in the unit of the figures"
            )
        }
    }

    private static func kind(_ row: TableRow) throws(TableError) -> Evidence.Kind {
        switch row.optionalText("kind") {
        case nil, "overpass": .overpass
        case "station_day": .stationDay
        default: throw row.bad("kind", not: "overpass or station_day")
        }
    }

    private static func nonBlank(_ row: TableRow, _ column: String) throws(TableError) -> String {
        guard let text = row.optionalText(column) else { throw row.bad(column, "the \(column) is blank") }
        return text
    }
}

private struct ObservationKey: Hashable {
    let place: Int
    let kind: Evidence.Kind
    let time: Instant
    let source: String
}
