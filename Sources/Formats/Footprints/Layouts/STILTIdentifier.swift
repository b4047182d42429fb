import Foundation
import Geo
import NetCDF
import Quantities
import Transport

/// What names of STILT files tell of the receptor.
enum STILTIdentifier {
    /// `yyyymmddHHMM_lon_lat_zagl_foot.nc` of STILT-R. Its documentation says `lati_long`, its files have the
    /// longitude first; so the order in which the place lies on the grid is taken, and that of the files where both
    /// do. The height of a column or of several points is `X`, with `bottom-top` after it where there is one.
    static func receptor(ofFile name: String, on grid: CellGrid) -> FootprintReceptor? {
        let stem = name.hasSuffix(".nc") ? String(name.dropLast(3)) : name
        let parts = stem.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 4, let time = moment(parts[0]), let first = Double(parts[1]),
            let second = Double(parts[2])
        else { return nil }
        let candidates = [(first, second), (second, first)].filter { abs($0.1) <= 90 && abs($0.0) <= 360 }
        let points = GeographicPoints(longitudes: candidates.map(\.0), latitudes: candidates.map(\.1))
        let isInside = grid.cells(holding: points).map { $0 != nil }
        let place = zip(candidates, isInside).first { $0.1 }?.0 ?? candidates.first
        return FootprintReceptor(
            name: parts[0..<4].joined(separator: "_"),
            time: time,
            place: ReceptorPoint.checked(
                longitude: place?.0,
                latitude: place?.1,
                heightMetres: height(parts[3])
            )
        )
    }

    private static func height(_ text: String) -> Double? {
        guard text.hasPrefix("X") else { return Double(text) }
        let ends = text.dropFirst().split(separator: "-").compactMap { Double($0) }
        return ends.count == 2 ? (ends[0] + ends[1]) / 2 : nil
    }

    /// `201507050000`.
    static func moment(_ text: String) -> Instant? {
        let digits = text.utf8.map { Int($0) - 48 }
        guard digits.count == 12, digits.allSatisfy((0...9).contains) else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        let civil = CivilTime(
            year: number(0..<4),
            month: number(4..<6),
            day: number(6..<8),
            hour: number(8..<10),
            minute: number(10..<12)
        )
        return civil.isValid ? Instant(civil) : nil
    }

    /// `foot2019x01x01x00x52.38Nx000.12Ex00010_aggreg.nc` of STILT v1 and the ICOS Carbon Portal; a station's code may
    /// stand before.
    static func icosReceptor(ofFile name: String) -> FootprintReceptor? {
        for part in name.split(separator: "_").map(String.init) {
            let start = part.firstIndex(where: \.isNumber) ?? part.endIndex
            let fields = part[start...].split(separator: "x").map(String.init)
            guard fields.count >= 7, let time = moment(fields[0..<4].joined() + "00"),
                let latitude = degrees(fields[4], "N", "S"), let longitude = degrees(fields[5], "E", "W")
            else { continue }
            let height = Double(fields[6].prefix { $0.isNumber || $0 == "." })
            let id = fields[0..<6].joined(separator: "x") + "x" + fields[6].prefix { $0.isNumber }
            return FootprintReceptor(
                name: id,
                time: time,
                place: ReceptorPoint.checked(longitude: longitude, latitude: latitude, heightMetres: height)
            )
        }
        return nil
    }

    private static func degrees(_ text: String, _ positive: Character, _ negative: Character) -> Double? {
        guard let value = Double(text.dropLast()), let side = text.last else { return nil }
        return side == positive ? value : side == negative ? -value : nil
    }

    /// `stilt_receptor` of PYSTILT: a JSON object of `kind`, `time` and a place or several.
    static func receptor(json: String, name: String, path: String) -> FootprintReceptor? {
        guard let value = try? JSONValue.parse(json5: Data(json.utf8), file: path),
            case .object(let members) = value, case .string(let text)? = members["time"],
            let time = Instant(iso8601: text.hasSuffix("Z") ? text : text + "Z")
        else { return nil }
        func mean(_ keys: String...) -> Double? {
            for key in keys {
                if case .number(let number)? = members[key] { return number }
                guard case .array(let items)? = members[key] else { continue }
                let numbers = items.compactMap { if case .number(let number) = $0 { number } else { nil } }
                if !numbers.isEmpty { return numbers.reduce(0, +) / Double(numbers.count) }
            }
            return nil
        }
        var height = mean("altitude", "altitudes", "height")
        if let bottom = mean("bottom"), let top = mean("top") { height = (bottom + top) / 2 }
        return FootprintReceptor(
            name: name,
            time: time,
            place: ReceptorPoint.checked(
                longitude: mean("longitude", "longitudes"),
                latitude: mean("latitude", "latitudes"),
                heightMetres: height
            )
        )
    }
}
