import Concurrent
import Formats
import Foundation
import Pipeline
import Quantities
import Tracing
import Transport

/// `crosswind trace`: what leaks, where, and how much.
struct TraceVerb: Verb {
    let name = "trace"
    let summary = "find, locate and quantify point sources"
    let operands = "READINGS"
    let discussion = """
        Finds the times at which sensors near possible sources read more than their background, and tells by plumes in
        the wind of the site which of the sources it was and how many kg an hour it emitted. Every rate has intervals
        of 68 and 95 %, with the errors of the readings, of the wind and of the plume model; a source that no sensor
        was downwind of is not constrained.

            crosswind trace readings.csv --sensors sensors.csv --wind wind.csv --sources sources.csv
            crosswind trace readings.csv --sensors sensors.csv --wind wind.csv \\
                --scan=-105.1408,40.5952,-105.1389,40.5963 --step 5

        Readings: time,sensor,ch4_ppm (or co2_ppm, value_ppm), and where the sensor moves lon,lat,height_m in each row;
        uncertainty_ppm where it is known. Columns with other names are passed over. Wind may be of any step, with
        wind_speed_m_s,wind_from_deg or wind_east_m_s,wind_north_m_s.
        """

    var options: [OptionSpecification] { TraceOptions.specifications }

    func outputs(_ options: Options) -> [String] { [options.text("output")].compactMap(\.self) }

    func run(_ options: Options) async throws -> ExitStatus {
        let given = try TraceOptions(options)
        let files = [given.readings, given.sensors, given.wind] + [given.sources].compactMap(\.self)
        if let output = given.output {
            _ = try OutputPath(output, inputs: files)
            try OutputProbe.check([output])
        }
        let read = try await onOwnThread(named: "tables") { try TraceInput(given, files) }
        let search = try SourceTrace(read.readings.readings, wind: read.wind, given.settings)
        let result = try await search.perform(sources: read.sources, scan: given.scan)
        let summary = TraceSummary(
            result: result,
            options: given,
            blank: read.readings.blank,
            used: read.readings.readings.count,
            blankWind: read.blankWind,
            windAngle: read.windAngle,
            provenance: FileProvenance(
                command: GivenCommand.text,
                configuration: given.configuration,
                seed: nil,
                inputs: read.inputs,
                created: nil
            )
        )
        if let output = given.output { try writeText(summary.table, to: output) }
        if options.isSet("json") {
            try JSONSummary.print(summary.object)
        } else {
            try Terminal.write(summary.lines.joined(separator: "\n"), to: .standardOutput)
        }
        return .success
    }
}

/// The tables of a run.
private struct TraceInput: Sendable {
    let readings: TraceTables.Readings
    let wind: WindRecord
    let blankWind: Int
    /// Nil for components.
    let windAngle: WindAngle?
    let sources: [CandidateSource]
    let inputs: [FileProvenance.Input]

    init(_ options: TraceOptions, _ files: [String]) throws {
        let sensors = try TraceTables.sensors(options.sensors)
        sources = try options.sources.map(TraceTables.sources) ?? []
        let table = try TraceTables.wind(options.wind, angle: options.windAngle)
        (wind, blankWind, windAngle) = (try WindRecord(table.steps), table.blank, table.angle)
        readings = try TraceTables.readings(
            options.readings,
            gas: options.settings.gas,
            sensors: sensors,
            period: options.period
        )
        inputs = try files.map { try FileProvenance.Input(ofFile: $0) }
    }
}

extension TraceOptions {
    /// Everything that was used, defaults included.
    var configuration: String {
        let background =
            switch settings.background {
            case .percentile(let percentile, let hours): "percentile=\(percentile),\(hours)"
            case .upwind(let percentile, let hours): "upwind=\(percentile),\(hours)"
            }
        let classes = ["A", "B", "C", "D", "E", "F"]
        let scan = scan.map { "\($0.columns)x\($0.rows) at \($0.heightsMetres) m" } ?? "none"
        return [
            "gas=\(settings.gas.rawValue)", "window=\(settings.windowSeconds) s",
            "wind-angle=\(windAngle?.rawValue ?? "from, or none for components")",
            "stability=\(settings.stability.map { classes[$0.rawValue] } ?? "from the wind")",
            "roughness=\(settings.roughnessMetres) m",
            "air=\(settings.air.kelvin) K \(settings.air.pascal) Pa",
            "background=\(background)", "direction-error=\(settings.windDirectionError)",
            "speed-error=\(settings.windSpeedError)", "model-error=\(settings.modelFactor)",
            "detection=\(settings.detectionLevel) then \(settings.continuationLevel)",
            "gap=\(settings.gapSeconds) s", "scan=\(scan)",
        ].joined(separator: "; ")
    }
}
