import Foundation
import NetCDF
import Quantities

/// Layers of a variable whose dimensions are latitude and longitude, and time or none, in any order that keeps latitude
/// before longitude.
extension NetCDFFile {
    static let latitudeNames = ["lat", "latitude", "y"]
    static let longitudeNames = ["lon", "longitude", "x"]
    static let timeNames = ["time", "month", "months", "date"]

    /// One array per step of time, row by row.
    @NetCDFThread
    func layers(_ variable: String, rows: Int, columns: Int) throws(NetCDFError) -> [[Double]] {
        let shape = try shape(of: variable)
        let lengths = shape.filter { $0 != 1 || rows == 1 || columns == 1 }
        let cells = rows * columns
        if lengths == [rows, columns] { return [try doubles(variable)] }
        guard shape.count == 3 else { throw badShape(variable, shape, rows, columns) }
        if shape[1] == rows, shape[2] == columns {
            let values = try doubles(variable)
            return (0..<shape[0]).map { Array(values[($0 * cells)..<(($0 + 1) * cells)]) }
        }
        guard shape[0] == rows, shape[1] == columns else { throw badShape(variable, shape, rows, columns) }
        let values = try doubles(variable)
        return (0..<shape[2]).map { step in (0..<cells).map { values[$0 * shape[2] + step] } }
    }

    @NetCDFThread
    private func badShape(_ variable: String, _ shape: [Int], _ rows: Int, _ columns: Int) -> NetCDFError {
        unexpected(
            "shape is \(shape), expected latitude \(rows) and longitude \(columns) with a time or none",
            variable
        )
    }

    /// The name of the first of some variables that is there.
    @NetCDFThread
    func first(of names: [String]) -> String? { names.first { hasVariable($0) } }

    /// The periods of a time axis of some steps: from its bounds; as calendar months where each stamp lies in a month
    /// of its own; else each to the next. Without an axis the months of a year, or the year.
    @NetCDFThread
    func periods(steps: Int, year: Int?, month: Int? = nil) throws(NetCDFError) -> [Period] {
        if let name = first(of: Self.timeNames), text("units", of: name)?.contains(" since ") == true {
            if let bounds = text("bounds", of: name), hasVariable(bounds) {
                let values = try doubles(bounds)
                guard values.count == 2 * steps else {
                    throw unexpected("there are not two for each step", bounds)
                }
                let ends = try instants(values, of: name)
                return stride(from: 0, to: ends.count, by: 2).map {
                    Period(start: ends[$0], end: ends[$0 + 1])
                }
            }
            let stamps = try instants(try doubles(name), of: name)
            guard stamps.count == steps, let periods = GridPeriods.from(stamps) else {
                throw unexpected(
                    "\(stamps.count) times do not make \(steps) periods in ascending order",
                    name
                )
            }
            return periods
        }
        guard let year = year ?? EDGARFlux.yearInName(of: path), (1900...2200).contains(year) else {
            throw NetCDFError(
                .unexpected("neither a time axis nor the name gives the year; give it"),
                path: path
            )
        }
        guard let periods = GridPeriods.of(year: year, month: month, steps: steps) else {
            throw NetCDFError(.unexpected("\(steps) layers are neither a year nor its months"), path: path)
        }
        return periods
    }

    /// The gas that an attribute, the variable or the file's name tells.
    @NetCDFThread
    func gas(of variable: String, default known: Gas? = nil) throws(NetCDFError) -> Gas {
        let texts = [
            text("species", of: variable), text("species"), text("substance", of: variable), variable,
            URL(filePath: path).lastPathComponent,
        ].compactMap(\.self)
        for text in texts { if let gas = GasName.gas(in: text) { return gas } }
        guard let known else { throw unexpected("nothing tells the gas; give a mapping", variable) }
        return known
    }
}

enum GasName {
    private static let words: [(String, Gas)] = [
        ("carbon-dioxide", .co2), ("carbon_dioxide", .co2), ("carbon-monoxide", .co), ("methane", .ch4),
        ("nitrous-oxide", .n2o), ("nitrous_oxide", .n2o),
    ]

    /// A name of a gas as a word of a text, whatever its case.
    static func gas(in text: String) -> Gas? {
        let lower = text.lowercased()
        for (word, gas) in words where lower.contains(word) { return gas }
        let parts = lower.split { !($0.isLetter || $0.isNumber) }.map(String.init)
        return [Gas.co2, .ch4, .n2o, .co].first { parts.contains($0.rawValue) }
    }
}

/// Calendar periods of layers.
enum GridPeriods {
    /// One layer is the year, or its month where given; twelve are its months.
    static func of(year: Int, month: Int?, steps: Int) -> [Period]? {
        switch (steps, month) {
        case (1, .some(let month)): (1...12).contains(month) ? [Self.month(year, month)] : nil
        case (1, nil):
            [Period(start: Instant(CivilTime(year: year, month: 1, day: 1)), end: Self.month(year, 12).end)]
        case (12, _): (1...12).map { Self.month(year, $0) }
        default: nil
        }
    }

    static func month(_ year: Int, _ month: Int) -> Period {
        let next = month == 12 ? (year + 1, 1) : (year, month + 1)
        return Period(
            start: Instant(CivilTime(year: year, month: month, day: 1)),
            end: Instant(CivilTime(year: next.0, month: next.1, day: 1))
        )
    }

    /// Nil unless the stamps ascend and their periods are plain.
    static func from(_ stamps: [Instant]) -> [Period]? {
        guard let first = stamps.first, let last = stamps.last,
            zip(stamps, stamps.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        let months = stamps.map { $0.civil.year * 12 + $0.civil.month }
        let areMonths = zip(months, months.dropFirst()).allSatisfy { $1 == $0 + 1 }
        if areMonths { return stamps.map { Self.month($0.civil.year, $0.civil.month) } }
        let isYearly = zip(stamps, stamps.dropFirst()).allSatisfy { $1.civil.year == $0.civil.year + 1 }
        if isYearly { return stamps.flatMap { of(year: $0.civil.year, month: nil, steps: 1) ?? [] } }
        guard stamps.count > 1 else { return of(year: first.civil.year, month: nil, steps: 1) }
        let end = last.advanced(bySeconds: last.seconds(since: stamps[stamps.count - 2]))
        return zip(stamps, stamps.dropFirst() + [end]).map { Period(start: $0, end: $1) }
    }

    /// `yymm`, `yyyymm` or `yyyy_mm` in a name: `odiac2022_1km_excl_intl_1807.tif` is of July 2018.
    static func monthInName(of path: String) -> (year: Int, month: Int)? {
        let parts = URL(filePath: path).deletingPathExtension().lastPathComponent
            .split { !($0.isLetter || $0.isNumber) }.map(String.init)
        for (place, part) in parts.enumerated().reversed() {
            guard part.allSatisfy(\.isNumber), let number = Int(part) else { continue }
            let month = number % 100
            switch part.count {
            case 6 where (1...12).contains(month) && (1900...2200).contains(number / 100):
                return (number / 100, month)
            case 4 where (1...12).contains(month) && !(1900...2099).contains(number):
                return (2000 + number / 100, month)
            case 2 where (1...12).contains(number) && place > 0:
                if let year = Int(parts[place - 1]), (1900...2200).contains(year) { return (year, number) }
            default: continue
            }
        }
        return nil
    }
}
