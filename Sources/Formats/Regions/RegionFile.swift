import Foundation
public import Geo
import JSON
public import Quantities

/// A set of regions in GeoJSON (RFC 7946).
///
/// Features are polygons or collections of them. Names are looked for under the usual keys: `name_en`, `name_zh`,
/// `name`, `NAME_1` and others; `name` may be an object with `en` and `zh`. The collection may say `name`, `provenance`
/// (or `source`, `attribution`) and `map_approval` (or `审图号`).
public enum RegionFile {
    /// Reads a file.
    ///
    /// - Throws: ``RegionFileError`` with the name of the feature that cannot be used.
    public static func read(_ path: String) throws(RegionFileError) -> RegionSet {
        guard let data = FileManager.default.contents(atPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw RegionFileError(exists ? .unreadable : .noSuchFile, file: path)
        }
        return try parse(Array(data), file: path)
    }

    /// - Parameter file: what errors name, and the set where it has no name of its own.
    public static func parse(_ bytes: [UInt8], file: String) throws(RegionFileError) -> RegionSet {
        let parser = JSONParser(limits: .init(bytes: 512 << 20, values: 1 << 27, depth: 64))
        let outcome: Result<RegionSet, RegionFileError>
        do throws(JSONSyntaxError) {
            outcome = try parser.read(bytes.span.bytes) { root in
                Result { () throws(RegionFileError) in try RegionReader(file: file).set(root) }
            }
        } catch {
            throw RegionFileError(.syntax(error.words), file: file)
        }
        return try outcome.get()
    }
}

/// A file of regions that cannot be used.
public struct RegionFileError: Fault, Equatable {
    public enum Kind: Equatable, Sendable {
        case noSuchFile
        case unreadable
        case syntax(String)
        /// The file is JSON but no GeoJSON, or of another reference system.
        case notGeoJSON(String)
        case noRegions
        /// A feature cannot be a region.
        case badGeometry(String, RegionFlaw?)
    }

    public let kind: Kind
    public let file: String
    /// Name and number of the feature, from 1; empty for the whole file.
    public let feature: String

    public init(_ kind: Kind, file: String, feature: String = "") {
        self.kind = kind
        self.file = file
        self.feature = feature
    }

    public var exitStatus: ExitStatus {
        switch kind {
        case .noSuchFile: .missingInput
        case .unreadable: .inputOutput
        default: .badData
        }
    }

    public var what: String {
        switch kind {
        case .noSuchFile: "no such file of regions"
        case .unreadable: "cannot read the file of regions"
        case .syntax(let problem): "not JSON: \(problem)"
        case .notGeoJSON(let problem): "not GeoJSON: \(problem)"
        case .noRegions: "the file has no regions"
        case .badGeometry(let problem, _): problem
        }
    }

    public var place: String { feature.isEmpty ? file : "\(file), \(feature)" }

    public var remedy: String {
        switch kind {
        case .badGeometry(_, .crossesItself?), .badGeometry(_, .partsOverlap?),
            .badGeometry(_, .holeOutside?):
            "mend it, for example with `ogr2ogr -makevalid`"
        case .badGeometry(_, .outOfRange?): "GeoJSON has longitude first, then latitude, in degrees of WGS 84"
        case .badGeometry(_, .longEdge?): "give the edge corners in between"
        case .badGeometry(_, .goesRoundPole?): "cut it along the antimeridian and the pole"
        case .notGeoJSON: "give a FeatureCollection of Polygon or MultiPolygon in longitude and latitude"
        case .noSuchFile: "check the path"
        case .unreadable: "check the permissions"
        default: ""
        }
    }
}
