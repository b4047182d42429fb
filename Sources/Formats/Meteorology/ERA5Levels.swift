import NetCDF

/// The levels of a file, in its own order.
enum ERA5Levels: Equatable, Sendable {
    case pressurePascal([Double])
    /// Pressure is `a` + `b` times surface pressure; `a` in Pa.
    case hybrid(a: [Double], b: [Double])

    var count: Int {
        switch self {
        case .pressurePascal(let levels): levels.count
        case .hybrid(let a, _): a.count
        }
    }

    /// Numbers of the levels from the ground upward, by the pressure over a surface at 1013.25 hPa.
    var order: [Int] {
        let pressures = (0..<count).map { pressure($0, surface: 101_325) }
        return (0..<count).sorted { pressures[$0] > pressures[$1] }
    }

    func pressure(_ level: Int, surface: Double) -> Double {
        switch self {
        case .pressurePascal(let levels): levels[level]
        case .hybrid(let a, let b): a[level] + b[level] * surface
        }
    }

    /// Nil in a file without levels.
    @NetCDFThread
    init?(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        if file.hasVariable("hyam"), file.hasVariable("hybm") {
            let (a, b) = (try file.doubles("hyam"), try file.doubles("hybm"))
            guard a.count == b.count, !a.isEmpty, (a + b).allSatisfy(\.isFinite) else {
                throw NetCDFError(
                    .unexpected("not as long as hybm, or not numbers"),
                    path: file.path,
                    variable: "hyam"
                )
            }
            self = .hybrid(a: a, b: b)
            return
        }
        for name in ["pressure_level", "isobaricInhPa", "plev", "level"] where file.hasVariable(name) {
            self = .pressurePascal(try Self.pressures(name, file))
            return
        }
        for name in ["hybrid", "model_level", "lev"] where file.hasVariable(name) {
            throw Self.withoutCoefficients(name, file.path)
        }
        return nil
    }

    @NetCDFThread
    private static func pressures(_ name: String, _ file: borrowing NetCDFFile) throws(NetCDFError)
        -> [Double]
    {
        let units = (file.text("units", of: name) ?? "").lowercased()
        let factor: Double
        switch units {
        case "hpa", "millibars", "millibar", "mb", "mbar": factor = 100
        case "pa": factor = 1
        default: throw withoutCoefficients(name, file.path)
        }
        let levels = try file.doubles(name).map { $0 * factor }
        guard !levels.isEmpty, levels.allSatisfy({ $0 > 0 && $0.isFinite }), Set(levels).count == levels.count
        else {
            throw NetCDFError(
                .unexpected("pressures are not positive and distinct"),
                path: file.path,
                variable: name
            )
        }
        return levels
    }

    private static func withoutCoefficients(_ name: String, _ path: String) -> NetCDFError {
        NetCDFError(
            .unfit(
                "levels of the model without the coefficients hyam and hybm that give their pressure",
                remedy: "convert from GRIB with `cdo -f nc4 copy`, which keeps them, or fetch pressure levels"
            ),
            path: path,
            variable: name
        )
    }
}
