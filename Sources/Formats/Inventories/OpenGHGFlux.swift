import Foundation
import Inventory
import NetCDF
import Quantities

/// Flux fields as openghg stores them: the time axis is last and its stamps are the starts of the periods.
enum OpenGHGFlux {
    @NetCDFThread
    static func read(_ file: borrowing NetCDFFile) throws(NetCDFError) -> RawFlux {
        let latitudes = try file.axis(["lat", "latitude"])
        let longitudes = try file.axis(["lon", "longitude"])
        let species = file.text("species", of: "flux") ?? file.text("species") ?? ""
        guard let gas = Gas(rawValue: species.lowercased()) else {
            throw file.unexpected("species `\(species)` is not a gas we know", "flux")
        }
        let cells = latitudes.count * longitudes.count
        let periods = try periods(file)
        return RawFlux(
            path: file.path,
            variable: "flux",
            layout: .openghg,
            gas: gas,
            unit: try file.fluxUnit(of: "flux"),
            latitudes: latitudes,
            longitudes: longitudes,
            layers: try layers(
                file,
                cells: cells,
                periods: periods.count,
                [latitudes.count, longitudes.count]
            ),
            periods: periods,
            declaredTonnes: nil,
            source: file.text("source", of: "flux") ?? file.text("source") ?? file.text("title") ?? "openghg",
            conversion: file.conversion(of: "flux")
        )
    }

    /// One array per period. Dimensions are taken by name, so that files with time first read as well.
    @NetCDFThread
    private static func layers(
        _ file: borrowing NetCDFFile,
        cells: Int,
        periods: Int,
        _ plane: [Int]
    ) throws(NetCDFError) -> [[Double]] {
        let names = try file.dimensionNames(of: "flux")
        guard names.count == 3, let position = names.firstIndex(of: "time"), position != 1 else {
            throw file.unexpected("dimensions are \(names), expected lat, lon and time", "flux")
        }
        let timeIsLast = position == 2
        let values = try file.doubles("flux", shape: timeIsLast ? plane + [periods] : [periods] + plane)
        return (0..<periods).map { period in
            timeIsLast
                ? (0..<cells).map { values[$0 * periods + period] }
                : Array(values[(period * cells)..<((period + 1) * cells)])
        }
    }

    /// A period lasts until the next one starts; the last, or only, one as long as `time_period` says.
    @NetCDFThread
    private static func periods(_ file: borrowing NetCDFFile) throws(NetCDFError) -> [Period] {
        let starts = try file.instants(try file.doubles("time"), of: "time")
        guard let last = starts.last else { throw file.unexpected("there is no period", "time") }
        guard zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw file.unexpected("times do not ascend", "time")
        }
        let stated = file.text("time_period") ?? ""
        guard let end = end(of: last, after: stated, previous: starts.dropLast().last) else {
            let found =
                stated.isEmpty ? "there is no attribute `time_period`" : "`time_period` is `\(stated)`"
            throw NetCDFError(
                .unfit(
                    "\(found), so that nothing tells how long the only flux lasts",
                    remedy: "add the global attribute time_period, such as `1 year`, `1 month` or `1 hour`"
                ),
                path: file.path,
                variable: "time"
            )
        }
        return zip(starts, starts.dropFirst() + [end]).map { Period(start: $0, end: $1) }
    }

    /// The end of a period of `1 year`, `3 months`, `2 hours`...; without such a text as long as the one before.
    static func end(of start: Instant, after text: String, previous: Instant?) -> Instant? {
        let words = text.lowercased().split(separator: " ")
        if words.count == 2, let count = Int(words[0]), (1...10_000).contains(count) {
            switch words[1] {
            case "year", "years": return start.advanced(byMonths: 12 * count)
            case "month", "months": return start.advanced(byMonths: count)
            case "day", "days": return start.advanced(bySeconds: 86_400 * Double(count))
            case "hour", "hours": return start.advanced(bySeconds: 3600 * Double(count))
            default: return nil
            }
        }
        return previous.map { start.advanced(bySeconds: start.seconds(since: $0)) }
    }
}

extension Instant {
    /// The same day and time of a later month; nil where that month has no such day.
    func advanced(byMonths months: Int) -> Instant? {
        var civil = civil
        let month = civil.month - 1 + months
        civil.year += month / 12
        civil.month = month % 12 + 1
        return civil.isValid ? Instant(civil) : nil
    }
}
