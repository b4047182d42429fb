import Archive
import Foundation
import Geo
import Observations
import Quantities

extension ExportRun {
    /// What a reader has to know of the table, as lines before it.
    func header(_ archive: borrowing ArchiveReader) throws -> [String] {
        var lines = [
            "crosswind \(Version.current), table \(table.rawValue)",
            "command: \(GivenCommand.text)",
            "period: \(text(query.period))",
            "as of: \(settings.asOf.map { "\($0)" } ?? "now")",
            "level: \(settings.level)",
            "times: UTC; mole fractions in dry air: ppm; positions: WGS 84, degrees, m above sea level",
            "flags: \(flagLegend)",
        ]
        for series in try self.series(archive) { lines += legend(series) }
        return lines.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
    }

    private func text(_ period: Period?) -> String {
        guard let period else { return "all" }
        let from = period.start.microseconds == .min ? "beginning" : "\(period.start)"
        return "\(from) to \(period.end.microseconds == .max ? "end" : "\(period.end)")"
    }

    private var flagLegend: String {
        let words = QualityFlag.allCases.map { flag in
            let text = settings.text(flag, [])
            return settings.vocabulary == nil ? text : "\(text.isEmpty ? "(empty)" : text) = \(flag)"
        }
        let name = settings.vocabulary.map { "\($0.rawValue): " } ?? ""
        return name + words.joined(separator: ", ")
    }

    private func legend(_ series: Series) -> [String] {
        let name = [series.network, series.station, series.instrument, series.gas.rawValue]
            .joined(separator: "/")
        let station = records.station(series.network, series.station)
        let instrument = station?.instruments.first { $0.id == series.instrument && $0.gas == series.gas }
        guard let station, let instrument else { return ["series \(name): not described"] }
        var parts = [station.names.english, station.kind.rawValue]
        if let position = station.position {
            let altitude = position.altitudeMetres.map { " at \($0) m" } ?? ""
            parts.append("longitude \(position.longitude), latitude \(position.latitude)\(altitude)")
        }
        if let inlet = instrument.inletHeightMetres { parts.append("inlet \(inlet) m above ground") }
        parts.append("scale \((settings.scale ?? instrument.settledScale).rawValue)")
        let tests = QualityTests.describe(instrument).map { test in
            let threshold = test.threshold.isEmpty ? "" : ": \(test.threshold)"
            return "test \(name): \(1 << test.bit) \(test.key)\(threshold) (version \(test.version))"
        }
        return ["series \(name): \(parts.joined(separator: "; "))"] + tests
    }
}
