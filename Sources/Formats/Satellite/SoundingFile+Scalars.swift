import NetCDF
import Quantities

/// What is read of some soundings of a stretch of rows.
extension SoundingFile {
    /// ppm on the scale of the file: the column, or the sum of its parts.
    func columns(_ rows: Range<Int>, at selection: RowSelection) throws -> [Double] {
        guard let variable = resolved.variables[.column] else { return [] }
        var columns = try reader.doubles(variable, rows, at: selection)
        for (term, sign) in resolved.terms {
            let values = try reader.doubles(term, rows, at: selection)
            for index in columns.indices { columns[index] += sign * values[index] }
        }
        return columns
    }

    /// ppm, NaN where missing: as given, or from its independent parts, or as assumed.
    func uncertainties(_ rows: Range<Int>, at selection: RowSelection) throws -> [Double] {
        if let variable = resolved.variables[.uncertainty] {
            return try reader.doubles(variable, rows, at: selection)
        }
        guard !resolved.errorParts.isEmpty else {
            return [Double](repeating: resolved.assumedUncertainty ?? .nan, count: selection.count)
        }
        var squares = [Double](repeating: 0, count: selection.count)
        for part in resolved.errorParts {
            let values = try reader.doubles(part, rows, at: selection)
            for index in squares.indices where values[index].isFinite {
                squares[index] += values[index] * values[index]
            }
        }
        return squares.map { $0.squareRoot() }
    }

    /// Empty where they are neither wanted nor needed for the time.
    func identifiers(
        _ rows: Range<Int>,
        at selection: RowSelection,
        _ fields: SoundingFields,
        latitudes: [Double],
        longitudes: [Double],
        columns: [Double]
    ) throws -> [UInt64] {
        let tellsTime = if case .identifier = resolved.time { true } else { false }
        guard fields.contains(.identity) || tellsTime else { return [] }
        switch resolved.identifier {
        case .variable(let variable): return try reader.identifiers(variable, rows, at: selection)
        case .known(let all): return selection.places.map { all[rows.lowerBound + $0] }
        case .position: return selection.places.map { UInt64(rows.lowerBound + $0) }
        case .content:
            return latitudes.indices.map { index in
                IdentifierText.hash([
                    latitudes[index].bitPattern, longitudes[index].bitPattern, columns[index].bitPattern,
                ])
            }
        }
    }

    /// Seconds since 1970, NaN where missing, infinite where what is there is no time.
    func times(_ rows: Range<Int>, at selection: RowSelection, _ ids: [UInt64]) throws -> [Double] {
        switch resolved.time {
        case .numeric(let variable, let coordinate):
            let origin = coordinate.origin.secondsSince1970
            let factor = coordinate.secondsPerUnit
            return try reader.doubles(variable, rows, at: selection).map { origin + $0 * factor }
        case .known(let all): return selection.places.map { all[rows.lowerBound + $0] }
        case .milliseconds(let variable, let origin):
            return try reader.doubles(variable, rows, at: selection).map { origin + $0 / 1000 }
        case .civil(let variables):
            let parts = try variables.map { try reader.doubles($0, rows, at: selection) }
            return (0..<selection.count).map { index in Self.seconds(parts.map { $0[index] }) }
        case .identifier: return ids.map { IdentifierText.secondsSince1970(identifier: $0) }
        }
    }

    /// Indices of the times that are farther from those in their identifiers than any product of this kind has them:
    /// 0.6 s in Lite files, 3 s in ACOS L2s. Empty where identifiers do not tell the time or are not read.
    func contradictoryTimes(_ times: [Double], _ ids: [UInt64]) -> Set<Int> {
        guard resolved.family.identifiersTellTime, ids.count == times.count else { return [] }
        if case .identifier = resolved.time { return [] }
        var clock = IdentifierClock()
        var found: Set<Int> = []
        for index in ids.indices {
            // NaN, where the identifier is no time, compares false.
            if abs(clock.secondsSince1970(ids[index]) - times[index]) > Self.identifierToleranceSeconds {
                found.insert(index)
            }
        }
        return found
    }

    /// A minute: above what separates the beginning of an exposure from its middle, and the 37 s from UTC to TAI.
    static let identifierToleranceSeconds = 60.0

    private static func seconds(_ fields: [Double]) -> Double {
        guard !fields.contains(where: \.isNaN) else { return .nan }
        let whole = fields.prefix(5).map { Int(exactly: $0) ?? -1 } + [0, 0]
        var civil = CivilTime(year: whole[0], month: whole[1], day: whole[2])
        guard fields.count > 4 else { return civil.isValid ? Instant(civil).secondsSince1970 : .infinity }
        (civil.hour, civil.minute) = (whole[3], whole[4])
        let seconds = fields.count > 5 ? fields[5] : 0
        guard civil.isValid, seconds >= 0, seconds < 60 else { return .infinity }
        return Instant(civil).secondsSince1970 + seconds
    }
}
