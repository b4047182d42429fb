import Formats
import Foundation
import Geo
import Quantities
import Transport

/// The checked options of a run that computes footprints.
struct FootprintSettings: Sendable {
    let meteorology: [String]
    /// What there is to say of files of weather that were named more than once.
    let repeatedWeather: [String]
    let receptors: ReceptorChoice
    let grid: GridChoice
    let dispersion: DispersionOptions
    let scheme: FootprintScheme
    let isHourly: Bool
    let smoothing: Double
    let threads: Int?
    /// Memory that the weather may take; the result does not depend on it.
    let weatherBytes: Int
    /// Runs in perturbed weather and controls each; 0 for none.
    let members: Int
    let errors: TransportErrorOptions?
    let output: String
    let page: String?
    /// What a page outlines.
    let regions: RegionSet?
    let particles: String?
    /// Mole fractions at the boundary of the grid.
    let background: String?
    let flux: String?
    /// Whether cells of it without a value emit nothing.
    let blankIsZero: Bool

    init(_ options: Options) throws {
        // What a shell makes of `--meteorology era5-*.nc` stands behind the option.
        let weather = DistinctFiles(options.texts("meteorology") + options.operands)
        (meteorology, repeatedWeather) = (weather.files, weather.again)
        guard options.isSet("meteorology") else {
            throw UsageError.missingOption("meteorology", verb: options.verb)
        }
        receptors = try ReceptorChoice(options)
        grid = try GridChoice(options)
        scheme = try FootprintScheme(options)
        dispersion = try Self.dispersion(options, scheme)
        isHourly = !options.isSet("integrated")
        smoothing = try Self.limited("smoothing", 0...100, options) ?? 1
        threads = try Self.whole("threads", 1...1024, options)
        let gibibytes = try Self.limited("weather-memory", 0.001...1024, options) ?? 0.5
        weatherBytes = Int(exactly: (gibibytes * 1_073_741_824).rounded()) ?? .max
        (members, errors) = try Self.ensemble(options, seed: dispersion.seed)
        (background, flux) = (options.text("background"), options.text("flux"))
        blankIsZero = options.isSet("blank-is-zero")
        try Self.checkCompanions(options, dispersion.direction)
        let inputs =
            meteorology
            + [receptors.file, options.text("regions"), options.text("grid"), background, flux].compactMap(
                \.self
            )
        try NetCDFName.check(options.required("output"), option: "output", verb: options.verb)
        let output = try OutputPath(options.required("output"), inputs: inputs).path
        self.output = output
        particles = try options.text("particles-output").map {
            try OutputPath($0, inputs: inputs + [output]).path
        }
        page = options.text("page")
        if options.isSet("regions"), page == nil {
            throw UsageError.missingOption("page", verb: options.verb)
        }
        guard particles != output else {
            throw UsageError.badValue(
                "particles-output",
                output,
                expected: "a file of its own",
                verb: options.verb
            )
        }
        // Read before hours of computing.
        regions = try options.text("regions").map { try RegionFile.read($0) }
        try OutputProbe.check([output] + [particles].compactMap(\.self), folders: [page].compactMap(\.self))
    }

    private static func checkCompanions(_ options: Options, _ direction: DispersionOptions.Direction)
        throws(UsageError)
    {
        if options.isSet("blank-is-zero"), !options.isSet("flux") {
            throw UsageError.missingOption("flux", verb: options.verb)
        }
        if options.isSet("background"), direction == .forward {
            throw UsageError.conflict("background", with: "forward", verb: options.verb)
        }
    }

    private static func dispersion(_ options: Options, _ scheme: FootprintScheme) throws -> DispersionOptions
    {
        var dispersion = scheme.dispersion
        dispersion.direction = options.isSet("forward") ? .forward : .backward
        dispersion.hours = try limited("hours", 0.1...2400, options) ?? 24
        dispersion.particles = try whole("particles", 1...1_000_000, options) ?? 1000
        dispersion.seed = UInt64(try whole("seed", 0...Int.max, options) ?? 1)
        return dispersion
    }

    // MARK: - Errors of the weather

    private static func ensemble(_ options: Options, seed: UInt64) throws -> (Int, TransportErrorOptions?) {
        let members = try whole("members", 2...1000, options) ?? 0
        let hasErrors = options.isSet("wind-error") || options.isSet("mixing-error")
        guard members > 0 else {
            if hasErrors { throw UsageError.missingOption("members", verb: options.verb) }
            return (0, nil)
        }
        guard hasErrors else { throw UsageError.missingOption("wind-error", verb: options.verb) }
        let wind = try numbers("wind-error", "M/S or M/S,KM,M,HOURS, all above 0", [1, 4], options)
        let mixing = try numbers("mixing-error", "SHARE,KM,HOURS, all above 0", [3], options)
        func scales(_ kilometres: Double, _ metres: Double, _ hours: Double) -> ErrorScales? {
            ErrorScales(horizontalMetres: kilometres * 1000, verticalMetres: metres, seconds: hours * 3600)
        }
        // Errors that are not asked for are zero, whatever their scales.
        let windLengths = wind.map { $0.count == 4 ? Array($0.dropFirst()) : usualWindLengths } ?? [1, 1, 1]
        guard let windScales = scales(windLengths[0], windLengths[1], windLengths[2]),
            let mixingScales = mixing.map({ scales($0[1], 1, $0[2]) }) ?? scales(1, 1, 1)
        else {
            throw UsageError.badValue("wind-error", "", expected: "of positive scales", verb: options.verb)
        }
        var errors = TransportErrorOptions(windScales: windScales, mixingHeightScales: mixingScales)
        errors.windMetresPerSecond = wind?[0] ?? 0
        errors.mixingHeightLogarithm = mixing?[0] ?? 0
        errors.seed = seed
        return (members, errors)
    }

    /// km, m and hours of wind errors of fields of half a degree (X-STILT, Wu et al. 2018, Geosci. Model Dev. 11, 4843,
    /// after the variograms of Lin and Gerbig 2005). The size of the error differs by model and place: it has none.
    static let usualWindLengths = [40.0, 600, 1]

    private static func numbers(_ name: String, _ expected: String, _ counts: [Int], _ options: Options)
        throws
        -> [Double]?
    {
        guard let text = options.text(name) else { return nil }
        let values = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
        guard counts.contains(values.count), values.allSatisfy({ $0 > 0 && $0 < 1e6 }) else {
            throw UsageError.badValue(name, text, expected: expected, verb: options.verb)
        }
        return values
    }

    // MARK: - Numbers

    private static func limited(_ name: String, _ range: ClosedRange<Double>, _ options: Options) throws
        -> Double?
    {
        guard let value = try options.number(name) else { return nil }
        guard range.contains(value) else {
            func text(_ bound: Double) -> String { Int(exactly: bound).map { "\($0)" } ?? "\(bound)" }
            let expected = "from \(text(range.lowerBound)) to \(text(range.upperBound))"
            throw UsageError.badValue(name, options.text(name) ?? "", expected: expected, verb: options.verb)
        }
        return value
    }

    private static func whole(_ name: String, _ range: ClosedRange<Int>, _ options: Options) throws -> Int? {
        guard let value = try options.integer(name) else { return nil }
        guard range.contains(value) else {
            let expected = "from \(range.lowerBound) to \(range.upperBound)"
            throw UsageError.badValue(name, "\(value)", expected: expected, verb: options.verb)
        }
        return value
    }

    /// What the output says of how it was made.
    var configuration: String {
        var text = """
            grid=\(grid.name) hours=\(dispersion.hours) particles=\(dispersion.particles) \
            direction=\(dispersion.direction.rawValue) seed=\(dispersion.seed) \
            layers=\(isHourly ? "hourly" : "integrated") smoothing=\(smoothing) \
            \(scheme.configuration)\(receptors.configuration)
            """
        if let errors {
            text += """
                 members=\(members) wind_error_m_s=\(errors.windMetresPerSecond)\(Self.text(errors.windScales)) \
                mixing_error=\(errors.mixingHeightLogarithm)\(Self.text(errors.mixingHeightScales))
                """
        }
        return text
    }

    private static func text(_ scales: ErrorScales) -> String {
        ",\(scales.horizontalMetres / 1000)km,\(scales.verticalMetres)m,\(scales.seconds / 3600)h"
    }
}
