import CSV
import Foundation
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
        guard let data = FileManager.default.contents(atPath: path) else { throw .missingFile(path: path) }
        let records = try SiteWindTable(path, Array(data)).records
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
}

private struct SiteWindTable {
    let path: String
    private(set) var records: [SiteWind.Record] = []
    private var columns: [String: Int] = [:]

    init(_ path: String, _ bytes: [UInt8]) throws(MeteorologyError) {
        self.path = path
        // A mark of the byte order is no part of the first name.
        var lines = CSVLines(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
        while let fields = try next(&lines) {
            if columns.isEmpty {
                for (number, name) in fields.enumerated() {
                    columns[name.trimmingCharacters(in: .whitespaces)] = number
                }
                for name in ["time", "wind_speed_m_s", "wind_from_deg"] where columns[name] == nil {
                    throw .badRow(path: path, line: lines.line, what: "no column `\(name)`")
                }
            } else if let record = try record(fields, lines.line) {
                records.append(record)
            }
        }
        try sort()
    }

    private func next(_ lines: inout CSVLines) throws(MeteorologyError) -> [String]? {
        do throws(CSVProblem) {
            return try lines.next()
        } catch { throw .badRow(path: path, line: lines.line, what: "\(error)") }
    }

    private func record(_ fields: [String], _ line: Int) throws(MeteorologyError) -> SiteWind.Record? {
        guard fields != [""] else { return nil }
        let text = columns["time"].flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
        guard let time = Instant(iso8601: text) else {
            throw .badRow(path: path, line: line, what: "`\(text)` is not a time with a zone")
        }
        guard let speed = try number("wind_speed_m_s", fields, line, 0...150),
            let direction = try number("wind_from_deg", fields, line, -360...720)
        else { return nil }
        var record = SiteWind.Record(time: time, speed: speed, directionDegrees: direction)
        let celsius = try number("temperature_c", fields, line, -100...70)
        record.temperatureKelvin = try number("temperature_k", fields, line, 150...350)
        if record.temperatureKelvin == nil { record.temperatureKelvin = celsius.map { $0 + 273.15 } }
        record.sigmaThetaDegrees = try number("sigma_theta_deg", fields, line, 0...180)
        record.frictionVelocity = try number("friction_velocity_m_s", fields, line, 0...20)
        record.obukhovLengthMetres = try number("obukhov_length_m", fields, line, -1e9...1e9)
        record.sensibleHeatFlux = try number("heat_flux_w_m2", fields, line, -2000...2000)
        return record
    }

    /// Nil where the field is empty or the column absent.
    private func number(
        _ column: String,
        _ fields: [String],
        _ line: Int,
        _ range: ClosedRange<Double>
    ) throws(MeteorologyError) -> Double? {
        guard let index = columns[column], index < fields.count else { return nil }
        let text = fields[index].trimmingCharacters(in: .whitespaces)
        guard !text.isEmpty, !["nan", "na"].contains(text.lowercased()) else { return nil }
        guard let value = Double(text), range.contains(value) else {
            throw .badRow(path: path, line: line, what: "`\(text)` is no \(column)")
        }
        return value
    }

    /// Rows may come in any order, and twice when they are the same.
    private mutating func sort() throws(MeteorologyError) {
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
        records = unique
    }
}
