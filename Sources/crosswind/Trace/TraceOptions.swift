import Formats
import Geo
import Quantities
import Tracing
import Transport

/// The options of `crosswind trace`, read.
struct TraceOptions {
    let readings: String
    let sensors: String
    let wind: String
    /// Nil where none is given.
    let windAngle: WindAngle?
    let sources: String?
    let scan: PlaceGrid?
    /// As it was given; nil without a scan.
    let scanText: String?
    /// Nil for all readings.
    let period: Period?
    let settings: TraceSettings
    let output: String?

    static let specifications: [OptionSpecification] = [
        .value("sensors", "FILE", "places of the sensors: sensor,lon,lat,height_m"),
        .value("wind", "FILE", "time,wind_speed_m_s,wind_from_deg, or wind_east_m_s,wind_north_m_s"),
        .value(
            "wind-angle",
            "NAME",
            "from (default): whence, clockwise from north; to: whither, so;\n"
                + "math: whither, counter-clockwise from east; math-from: whence, so"
        ),
        .value("sources", "FILE", "what may leak: source,lon,lat,height_m[,size_m]"),
        .value("scan", "W,S,E,N", "a box in degrees to look for places in"),
        .value("step", "METRES", "with --scan: between places"),
        .value("heights", "M,M,...", "with --scan: above ground (0.5,2,5)"),
        .value("gas", "NAME", "ch4 (default) or co2: the column ch4_ppm, co2_ppm or value_ppm"),
        .value("window", "MINUTES", "length of the means that are compared with plumes (15)"),
        .value("from", "TIME", "leave readings before it out: ISO 8601 with zone"),
        .value("to", "TIME", "leave readings from it on out"),
        .value("stability", "A-F", "Pasquill's class (found from how much the wind turns)"),
        .value("roughness", "METRES", "of the ground, for that (0.1)"),
        .value("temperature", "CELSIUS", "of the air (15)"),
        .value("pressure", "HPA", "of the air (1013.25)"),
        .value(
            "background",
            "KIND",
            "percentile=10,6: of each sensor's means within 6 hours (default);\n"
                + "upwind=10,6: less what sensors without a source upwind share"
        ),
        .value("direction-error", "DEGREES", "of the wind over a window (10)"),
        .value("speed-error", "SHARE", "of the wind (0.1)"),
        .value("model-error", "FACTOR", "geometric standard deviation of the plume model (2)"),
        .value("output", "FILE", "a table, one line for each event and source"),
        .json,
    ]

    init(_ options: Options) throws {
        try options.refuseRepeats(except: [])
        guard options.operands.count == 1 else {
            throw UsageError.operands(expected: "one table of readings", verb: options.verb)
        }
        readings = options.operands[0]
        sensors = try options.required("sensors")
        wind = try options.required("wind")
        sources = options.text("sources")
        windAngle = try Self.choice(options, "wind-angle", WindAngle.allCases)
        (scan, scanText) = (try Self.scan(options), options.text("scan"))
        guard sources != nil || scan != nil else {
            throw UsageError.missingOption("sources (or --scan)", verb: options.verb)
        }
        period = try Self.period(options)
        settings = try Self.settings(options)
        output = options.text("output")
    }

    private static func choice<Choice: RawRepresentable<String>>(
        _ options: Options,
        _ name: String,
        _ choices: [Choice]
    ) throws(UsageError) -> Choice? {
        guard let text = options.text(name) else { return nil }
        guard let choice = choices.first(where: { $0.rawValue == text.lowercased() }) else {
            let known = choices.map(\.rawValue).joined(separator: " or ")
            throw .badValue(name, text, expected: known, verb: options.verb)
        }
        return choice
    }

    private static func number(
        _ options: Options,
        _ name: String,
        _ range: ClosedRange<Double>,
        _ expected: String
    ) throws(UsageError) -> Double? {
        guard let value = try options.number(name) else { return nil }
        guard range.contains(value) else {
            throw .badValue(name, options.text(name) ?? "", expected: expected, verb: options.verb)
        }
        return value
    }

    private static func numbers(_ text: String) -> [Double]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        let numbers = parts.compactMap(\.self).filter(\.isFinite)
        return numbers.count == parts.count ? numbers : nil
    }

    private static func scan(_ options: Options) throws -> PlaceGrid? {
        guard let text = options.text("scan") else {
            for name in ["step", "heights"] where options.isSet(name) {
                throw UsageError.lacks(name, needs: "scan", verb: options.verb)
            }
            return nil
        }
        guard let edges = numbers(text), edges.count == 4,
            let box = BoundingBox(west: edges[0], south: edges[1], east: edges[2], north: edges[3])
        else {
            throw UsageError.badValue(
                "scan",
                text,
                expected: "W,S,E,N in degrees, south below north",
                verb: options.verb
            )
        }
        _ = try options.required("step")
        let step = try number(options, "step", 0.1...10_000, "metres from 0.1 to 10000") ?? 5
        let given = options.text("heights") ?? "0.5,2,5"
        guard let heights = numbers(given), (1...20).contains(heights.count),
            heights.allSatisfy((0...500).contains)
        else {
            throw UsageError.badValue(
                "heights",
                given,
                expected: "up to 20 heights from 0 to 500 m",
                verb: options.verb
            )
        }
        return try PlaceGrid(box, stepMetres: step, heightsMetres: heights)
    }

    private static func period(_ options: Options) throws(UsageError) -> Period? {
        func time(_ name: String) throws(UsageError) -> Instant? {
            guard let text = options.text(name) else { return nil }
            guard let time = Instant(iso8601: text) else {
                throw .badValue(name, text, expected: "an ISO 8601 time with zone", verb: options.verb)
            }
            return time
        }
        let (from, to) = (try time("from"), try time("to"))
        guard from != nil || to != nil else { return nil }
        let (start, end) = (
            from ?? Instant(microseconds: .min), to ?? Instant(microseconds: .max)
        )
        guard start < end else {
            throw .badValue("to", options.text("to") ?? "", expected: "later than --from", verb: options.verb)
        }
        return Period(start: start, end: end)
    }

    private static func settings(_ options: Options) throws -> TraceSettings {
        let celsius = try number(options, "temperature", -90...60, "degrees Celsius") ?? 15
        let pressure = try number(options, "pressure", 300...1100, "hPa from 300 to 1100") ?? 1013.25
        guard let air = AmbientAir(kelvin: celsius + 273.15, pascal: pressure * 100) else {
            throw UsageError.badValue("pressure", "", expected: "a pressure of air", verb: options.verb)
        }
        var settings = TraceSettings(air: air)
        settings.gas = try choice(options, "gas", [Gas.ch4, .co2]) ?? .ch4
        if let minutes = try number(options, "window", 0.01...1440, "minutes from 0.01 to 1440") {
            settings.windowSeconds = minutes * 60
        }
        settings.stability = try stability(options)
        if let metres = try number(options, "roughness", 1e-4...3, "metres from 0.0001 to 3") {
            settings.roughnessMetres = metres
        }
        settings.background = try background(options) ?? settings.background
        if let degrees = try number(options, "direction-error", 0...60, "degrees from 0 to 60") {
            settings.windDirectionError = degrees
        }
        if let share = try number(options, "speed-error", 0...1, "a share from 0 to 1") {
            settings.windSpeedError = share
        }
        if let factor = try number(options, "model-error", 1...20, "a factor from 1 to 20") {
            settings.modelFactor = factor
        }
        return settings
    }

    private static func stability(_ options: Options) throws(UsageError) -> StabilityClass? {
        guard let text = options.text("stability") else { return nil }
        guard let place = ["a", "b", "c", "d", "e", "f"].firstIndex(of: text.lowercased()) else {
            throw .badValue("stability", text, expected: "a class from A to F", verb: options.verb)
        }
        return StabilityClass(rawValue: place)
    }

    private static func background(_ options: Options) throws(UsageError) -> TraceSettings.Background? {
        guard let text = options.text("background") else { return nil }
        let parts = text.split(separator: "=", maxSplits: 1)
        let values = parts.count > 1 ? numbers(String(parts[1])) : [10, 6]
        guard let values, values.count <= 2, let percentile = values.first, (0.1...50).contains(percentile),
            case let hours = values.count > 1 ? values[1] : 6, (0.1...100_000).contains(hours),
            parts.first == "percentile" || parts.first == "upwind"
        else {
            throw .badValue(
                "background",
                text,
                expected: "percentile=P,HOURS or upwind=P,HOURS with P up to 50",
                verb: options.verb
            )
        }
        return parts[0] == "upwind"
            ? .upwind(percentile, hours: hours) : .percentile(percentile, hours: hours)
    }
}
