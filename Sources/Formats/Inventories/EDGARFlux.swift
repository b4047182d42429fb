import Foundation
import Inventory
import NetCDF
import Quantities

/// Annual grids of the Emissions Database for Global Atmospheric Research.
enum EDGARFlux {
    @NetCDFThread
    static func read(
        _ file: borrowing NetCDFFile,
        _ variable: String,
        _ layout: FluxProduct.Layout,
        substance: String,
        year: Int?
    ) throws(NetCDFError) -> RawFlux {
        let gas = try gas(substance, file, variable)
        let latitudes = try file.axis(["lat", "latitude"])
        let longitudes = try file.axis(["lon", "longitude"])
        let values = try file.doubles(variable, shape: [latitudes.count, longitudes.count])
        let period = try period(file, variable, year: year)
        return RawFlux(
            path: file.path,
            variable: variable,
            layout: layout,
            gas: gas,
            unit: try file.fluxUnit(of: variable),
            latitudes: latitudes,
            longitudes: longitudes,
            layers: [values],
            periods: [period],
            declaredTonnes: try declaredTotal(file, variable),
            source: file.text("title") ?? file.text("long_name", of: variable) ?? "EDGAR",
            conversion: file.conversion(of: variable)
        )
    }

    /// `CO2_excl_short-cycle_org_C`, `CO2bio`, `co2`: the gas is what the name starts with. Sums of several gases
    /// in CO2 equivalents are no gas.
    @NetCDFThread
    private static func gas(
        _ substance: String,
        _ file: borrowing NetCDFFile,
        _ variable: String
    ) throws(NetCDFError) -> Gas {
        let text = substance.lowercased()
        let candidates = [Gas.co2, .ch4, .n2o, .co]
        guard let gas = candidates.first(where: { text.hasPrefix($0.rawValue) }) else {
            throw file.unexpected("substance `\(substance)` is not a gas we know", variable)
        }
        return gas
    }

    /// The calendar year of the product, from its attributes, its name or the caller. The length of the interval
    /// that the file states must be that of the year.
    @NetCDFThread
    private static func period(
        _ file: borrowing NetCDFFile,
        _ variable: String,
        year given: Int?
    ) throws(NetCDFError) -> Period {
        let stated =
            file.text("year", of: variable).flatMap { Int($0) }
            ?? file.number("year", of: variable).flatMap { Int(exactly: $0) }
            ?? file.text("year").flatMap { Int($0) } ?? yearInName(of: file.path)
        if let stated, let given, stated != given {
            throw file.unexpected("the file is of \(stated), not of \(given)", variable)
        }
        guard let year = stated ?? given, (1900...2200).contains(year) else {
            throw file.unexpected("neither the file name nor an attribute gives the year; give it", variable)
        }
        let period = Period(
            start: Instant(CivilTime(year: year, month: 1, day: 1)),
            end: Instant(CivilTime(year: year + 1, month: 1, day: 1))
        )
        let method = file.text("cell_method", of: variable) ?? file.text("cell_methods", of: variable) ?? ""
        if let days = daysOfInterval(method), Double(days) * 86_400 != period.seconds {
            throw file.unexpected("the interval has \(days) days, which \(year) has not", variable)
        }
        return period
    }

    /// The last free-standing year of a file name: `v8.0_FT2022_GHG_CO2_2021_TOTALS` is of 2021.
    static func yearInName(of path: String) -> Int? {
        let name = URL(filePath: path).lastPathComponent
        let parts = name.split { !($0.isLetter || $0.isNumber) }
        return parts.compactMap { $0.count == 4 ? Int($0) : nil }.last { (1900...2200).contains($0) }
    }

    /// `time: mean (interval: 1 year, 366 days)` gives 366.
    static func daysOfInterval(_ method: String) -> Int? {
        let words = method.split { !($0.isLetter || $0.isNumber) }
        guard let days = words.firstIndex(of: "days"), days > 0 else { return nil }
        return Int(words[days - 1])
    }

    @NetCDFThread
    private static func declaredTotal(
        _ file: borrowing NetCDFFile,
        _ variable: String
    ) throws(NetCDFError) -> Double? {
        for name in ["total_\(variable)", "global_total", "total"] {
            guard let text = file.text(name, of: variable) else { continue }
            guard let tonnes = tonnes(text) else {
                throw file.unexpected("total `\(text)` is not understood", variable)
            }
            return tonnes
        }
        return nil
    }

    /// `   3.63676e+013 kg/year`: an exponent of three digits, the unit in the text.
    static func tonnes(_ text: String) -> Double? {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count >= 2, let value = Double(words[0]), value.isFinite else { return nil }
        switch words.dropFirst().joined(separator: " ").lowercased() {
        case "kg/year", "kg/yr", "kg year-1", "kg": return value / 1000
        case "tonnes", "tonnes/year", "t/year", "t", "ton/year": return value
        case "gg/year", "kt/year", "gg", "kton": return value * 1000
        default: return nil
        }
    }
}
