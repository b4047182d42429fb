import Foundation
import Geo
import JSON
import Quantities

/// Takes a parsed document apart.
struct RegionReader {
    let file: String

    func set(_ root: JSONElement) throws(RegionFileError) -> RegionSet {
        guard root.kind == .object, let type = root["type"]?.text else {
            throw RegionFileError(.notGeoJSON("no object with a `type`"), file: file)
        }
        if let system = root["crs"]?["properties"]?["name"]?.text, !Self.isGeographic(system) {
            throw RegionFileError(.notGeoJSON("coordinates are in `\(system)`"), file: file)
        }
        var regions: [Region] = []
        if type == "FeatureCollection" {
            guard let features = root["features"], features.kind == .array else {
                throw RegionFileError(.notGeoJSON("no array `features`"), file: file)
            }
            for feature in features.children { regions.append(try region(feature, regions.count + 1)) }
        } else {
            regions.append(try region(root, 1))
        }
        guard !regions.isEmpty else { throw RegionFileError(.noRegions, file: file) }
        return RegionSet(
            name: RegionNames(root).name ?? LocalizedName(english: stem),
            regions: regions,
            provenance: RegionNames.text(root, ["provenance", "source", "attribution"]) ?? "",
            mapApproval: RegionNames.text(root, ["map_approval", "审图号"])
        )
    }

    /// WGS 84 and what differs from it by metres.
    private static func isGeographic(_ system: String) -> Bool {
        ["CRS84", "4326", "4490", "4269", "CRS83"].contains { system.hasSuffix($0) }
    }

    private var stem: String { URL(filePath: file).deletingPathExtension().lastPathComponent }

    /// - Parameter element: a feature, or a bare geometry.
    private func region(_ element: JSONElement, _ number: Int) throws(RegionFileError) -> Region {
        let isFeature = element["type"]?.text == "Feature"
        let names = RegionNames(isFeature ? element["properties"] ?? element : element)
        let label = names.name.map { "`\($0.english)` (feature \(number))" } ?? "feature \(number)"
        let geometry = isFeature ? element["geometry"] : element
        do throws(RegionProblem) {
            guard let geometry, geometry.kind == .object else { throw .shape("it has no geometry") }
            let region = try Self.region(
                geometry,
                code: names.code ?? RegionNames.text(element, ["id"]) ?? "",
                name: names.name ?? LocalizedName(english: number == 1 ? stem : "\(stem) \(number)")
            )
            return region
        } catch {
            let flaw: RegionFlaw? = if case .flaw(let flaw) = error { flaw } else { nil }
            throw RegionFileError(.badGeometry(error.words, flaw), file: file, feature: label)
        }
    }

    private static func region(_ geometry: JSONElement, code: String, name: LocalizedName)
        throws(RegionProblem) -> Region
    {
        var polygons: [RegionPolygon] = []
        try append(geometry, to: &polygons)
        do throws(RegionFlaw) {
            return try Region(code: code, name: name, polygons: polygons)
        } catch {
            throw .flaw(error)
        }
    }

    private static func append(_ geometry: JSONElement, to polygons: inout [RegionPolygon])
        throws(RegionProblem)
    {
        let type = geometry["type"]?.text ?? ""
        switch type {
        case "Polygon":
            polygons.append(try polygon(try list(geometry["coordinates"])))
        case "MultiPolygon":
            for part in try list(geometry["coordinates"]).children {
                polygons.append(try polygon(try list(part)))
            }
        case "GeometryCollection":
            for part in try list(geometry["geometries"]).children { try append(part, to: &polygons) }
        default:
            throw .shape("`\(type)` is no polygon")
        }
    }

    private static func polygon(_ rings: JSONElement) throws(RegionProblem) -> RegionPolygon {
        var all: [RegionRing] = []
        for ring in rings.children { all.append(try Self.ring(try list(ring))) }
        guard let outline = all.first else { throw .flaw(.tooFewCorners) }
        return RegionPolygon(outline: outline, holes: Array(all.dropFirst()))
    }

    private static func ring(_ positions: JSONElement) throws(RegionProblem) -> RegionRing {
        var corners: [SIMD2<Double>] = []
        for position in positions.children {
            var numbers = position.children
            guard position.kind == .array, let x = numbers.next()?.number, let y = numbers.next()?.number
            else { throw .shape("a corner is no pair of numbers") }
            corners.append(SIMD2(x, y))
        }
        do throws(RegionFlaw) {
            return try RegionRing(closed: corners)
        } catch {
            throw .flaw(error)
        }
    }

    private static func list(_ element: JSONElement?) throws(RegionProblem) -> JSONElement {
        guard let element, element.kind == .array else { throw .shape("its coordinates are no arrays") }
        return element
    }
}

private enum RegionProblem: Error {
    case shape(String)
    case flaw(RegionFlaw)

    var words: String {
        switch self {
        case .shape(let words): words
        case .flaw(let flaw): flaw.words
        }
    }
}

/// The names of a feature among its properties, under the keys that common sources use.
struct RegionNames {
    let name: LocalizedName?
    let code: String?

    private static let english: [JSONName] = [
        "name_en", "NAME_EN", "name:en", "en", "NAME_ENGLI", "name", "NAME", "Name", "shapeName", "NAME_2",
        "NAME_1", "NAME_0", "ADMIN", "NUTS_NAME",
    ]
    private static let chinese: [JSONName] = [
        "name_zh", "NAME_ZH", "name:zh", "zh", "name_cn", "NAME_CN", "名称",
    ]
    private static let codes: [JSONName] = [
        "iso_3166_2", "adcode", "shapeISO", "GID_2", "GID_1", "GID_0", "NUTS_ID", "iso_a3", "ISO_A3", "code",
        "id",
    ]

    init(_ properties: JSONElement) {
        let names = properties["name"].flatMap { $0.kind == .object ? $0 : nil }
        let first = Self.text(names ?? properties, Self.english)
        let chinese = Self.text(names ?? properties, Self.chinese)
        name = (first ?? chinese).map { LocalizedName(english: $0, chinese: chinese) }
        code = Self.text(properties, Self.codes)
    }

    /// The first of some members that holds text or a whole number.
    static func text(_ element: JSONElement, _ keys: [JSONName]) -> String? {
        for key in keys {
            guard let member = element[key] else { continue }
            if let text = member.text?.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty {
                return text
            }
            if let number = member.wholeNumber { return "\(number)" }
        }
        return nil
    }
}
