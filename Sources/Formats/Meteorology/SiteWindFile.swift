import Inventory
import Quantities
public import Transport

/// Wind of one anemometer in a file of comma-separated values with a header.
///
/// Columns by name: `time` (ISO 8601 with a zone, start of the interval), `wind_speed_m_s`, `wind_from_deg`, and where
/// measured `temperature_c` or `temperature_k`, `sigma_theta_deg`, `friction_velocity_m_s`, `obukhov_length_m`,
/// `heat_flux_w_m2` (upward). Other columns are passed over. A row without speed or direction is a gap.
public enum SiteWindFile {
    /// - Parameters:
    ///   - heightMetres: of the anemometer above ground.
    ///   - stepSeconds: length of the interval of a row; the usual step of the times where nil.
    /// - Throws: ``MeteorologyError``
    public static func read(
        _ path: String,
        heightMetres: Double,
        roughnessMetres: Double,
        stepSeconds: Double? = nil
    ) throws(MeteorologyError) -> SiteWind {
        guard heightMetres > roughnessMetres, roughnessMetres > 0, heightMetres.isFinite else {
            throw .unsupported(
                path: path,
                what:
                    "the anemometer at \(heightMetres) m is not above the roughness of \(roughnessMetres) m",
                remedy: "give both heights in metres above ground"
            )
        }
        let records = try sorted(try rows(path), path)
        let usual = stepSeconds ?? usualStep(records)
        guard let usual, usual > 0 else {
            throw .noTimes(paths: [path], why: "two rows with speed and direction are needed at least")
        }
        return SiteWind(
            records: records,
            heightMetres: heightMetres,
            roughnessMetres: roughnessMetres,
            stepSeconds: usual,
            source: path
        )
    }

    private static func usualStep(_ records: [SiteWind.Record]) -> Double? {
        let steps = zip(records, records.dropFirst()).map { $1.time.seconds(since: $0.time) }.sorted()
        return steps.isEmpty ? nil : steps[(steps.count - 1) / 2]
    }

    private static let columns = [
        "time", "wind_speed_m_s", "wind_from_deg", "temperature_c", "temperature_k", "sigma_theta_deg",
        "friction_velocity_m_s", "obukhov_length_m", "heat_flux_w_m2",
    ]

    private static func rows(_ path: String) throws(MeteorologyError) -> [SiteWind.Record] {
        do throws(TableError) {
            let table = try CSVTable(
                try TableBytes.read(path),
                file: path,
                columns: columns,
                required: Array(columns.prefix(3)),
                form: [.otherColumns, .unevenRows]
            )
            var records: [SiteWind.Record] = []
            for row in table.rows { if let record = try record(row) { records.append(record) } }
            return records
        } catch {
            if error.kind == .noSuchFile { throw .missingFile(path: path) }
            throw .badRow(path: path, line: error.at.line ?? 1, what: error.what)
        }
    }

    private static func record(_ row: TableRow) throws(TableError) -> SiteWind.Record? {
        let time = try row.instant("time")
        guard let speed = try number("wind_speed_m_s", row, 0...150),
            let direction = try number("wind_from_deg", row, -360...720)
        else { return nil }
        var record = SiteWind.Record(time: time, speed: speed, directionDegrees: direction)
        let celsius = try number("temperature_c", row, -100...70)
        record.temperatureKelvin = try number("temperature_k", row, 150...350)
        if record.temperatureKelvin == nil { record.temperatureKelvin = celsius.map { $0 + 273.15 } }
        record.sigmaThetaDegrees = try number("sigma_theta_deg", row, 0...180)
        record.frictionVelocity = try number("friction_velocity_m_s", row, 0...20)
        record.obukhovLengthMetres = try number("obukhov_length_m", row, -1e9...1e9)
        record.sensibleHeatFlux = try number("heat_flux_w_m2", row, -2000...2000)
        return record
    }

    /// Nil where the field is empty or the column absent.
    private static func number(
        _ column: String,
        _ row: TableRow,
        _ range: ClosedRange<Double>
    ) throws(TableError) -> Double? {
        guard let text = row.optionalText(column), !["nan", "na"].contains(text.lowercased()) else {
            return nil
        }
        return try row.number(column, in: range, "from \(range.lowerBound) to \(range.upperBound)")
    }

    /// Rows may come in any order, and twice when they are the same.
    private static func sorted(
        _ records: [SiteWind.Record],
        _ path: String
    ) throws(MeteorologyError) -> [SiteWind.Record] {
        var unique: [SiteWind.Record] = []
        for record in records.sorted(by: { $0.time < $1.time }) {
            guard let last = unique.last, last.time == record.time else {
                unique.append(record)
                continue
            }
            guard last == record else {
                throw .contradiction(variable: "wind", time: record.time, path, path)
            }
        }
        return unique
    }
}
