import Foundation
import Quantities
public import Transport

/// Receptors of all kinds in JSON5: `{receptors: [{kind: "inlet" | "drive" | "column" | "path", name: ..., ...}]}`.
///
/// Keys of an inlet: `time`, `end`, `longitude`, `latitude`, `height`, `releases`. Of a drive: `height` of the inlet,
/// `fixes` of `{time, longitude, latitude}` or `track`, a table of them; `maximum_gap_seconds`, `points`. Of a
/// column: `time`, `longitude`, `latitude`, `surface_pressure_hpa`, `top`, `sun` and `view` of `{zenith, azimuth}`,
/// and for its kernel `pressures_hpa`, `averaging_kernel`, `pressure_weight` and `support`. Of a path: `time`, `end`,
/// `from` and `to` of `{longitude, latitude, height}`, `points`. Heights are m above ground, angles degrees.
public enum ReceptorFile {
    /// A file by its ending: `.json` and `.json5`, otherwise a ``ReceptorTable``.
    ///
    /// - Throws: ``ConfigurationError`` that names the key, ``TableError`` that names the line.
    ///   Columns stand in the standard atmosphere above their surface pressure.
    public static func read(_ path: String) throws -> [Receptor] { try plans(path).map(\.receptor) }

    /// The same with columns that wait for the air of the weather.
    public static func plans(_ path: String) throws -> [ReceptorPlan] {
        let name = path.lowercased()
        guard name.hasSuffix(".json") || name.hasSuffix(".json5") else {
            return try ReceptorTable.read(path).map(ReceptorPlan.receptor)
        }
        let file = try ConfigurationObject(json5File: path, known: ["receptors"])
        let descriptions = try file.objects("receptors", known: ReceptorDescription.allKeys)
        var plans: [ReceptorPlan] = []
        var known = Set<ReceptorKey>()
        for (index, object) in descriptions.enumerated() {
            let plan = try ReceptorDescription(object, file, index).plan()
            let receptor = plan.receptor
            guard known.insert(ReceptorKey(name: receptor.name, time: receptor.time)).inserted else {
                throw object.error("name", "a second receptor of this name and time")
            }
            plans.append(plan)
        }
        guard !plans.isEmpty else { throw file.error("receptors", "names no receptor") }
        return plans
    }
}

private struct ReceptorKey: Hashable {
    let name: String
    let time: Instant
}

/// One receptor of such a file.
struct ReceptorDescription {
    private let object: ConfigurationObject

    private static let keys: [String: [String]] = [
        "inlet": ["time", "end", "longitude", "latitude", "height", "releases"],
        "drive": ["height", "fixes", "track", "maximum_gap_seconds", "points"],
        "column": [
            "time", "longitude", "latitude", "surface_pressure_hpa", "top", "sun", "view", "pressures_hpa",
            "averaging_kernel", "pressure_weight", "support",
        ],
        "path": ["time", "end", "from", "to", "points"],
    ]
    static let allKeys = ["kind", "name"] + Set(keys.values.joined()).sorted()

    /// - Throws: ``ConfigurationError`` for a kind that is unknown and keys that it does not have.
    init(_ object: ConfigurationObject, _ file: ConfigurationObject, _ index: Int) throws(ConfigurationError)
    {
        let kind = try object.text("kind")
        guard let own = Self.keys[kind] else {
            let near = nearest(to: kind, among: Self.keys.keys.sorted()).map { ", did you mean `\($0)`?" }
            throw object.error("kind", "no kind of receptor `\(kind)`\(near ?? "")")
        }
        let known = ["kind", "name"] + own
        if let other = object.keys.first(where: { !known.contains($0) }) {
            throw ConfigurationError(
                .unknownKey(other, nearest: nearest(to: other, among: known), known: known),
                file: object.file,
                path: object.path
            )
        }
        self.object = object
    }

    func plan() throws -> ReceptorPlan {
        switch try object.text("kind") {
        case "inlet": .receptor(try inlet())
        case "drive": .receptor(try drive())
        case "column": .column(try column())
        default: .receptor(try path())
        }
    }

    // MARK: - Kinds

    private func inlet() throws(ConfigurationError) -> Receptor {
        let seconds = try averagingSeconds()
        if object.has("releases"), seconds == 0 {
            throw object.error("releases", "has no meaning without `end`")
        }
        let place = try place(of: object)
        return .inlet(
            name: try object.text("name"),
            time: try object.instant("time"),
            longitude: place.longitude,
            latitude: place.latitude,
            heightMetres: place.heightMetres,
            averagingSeconds: seconds,
            releases: object.has("releases") ? try count("releases", object, most: 10_000) : nil
        )
    }

    private func drive() throws -> Receptor {
        guard object.has("fixes") != object.has("track") else {
            throw object.error("fixes", "a drive has either `fixes` or a `track`")
        }
        var fixes: [TrackFix] = []
        if object.has("track") {
            fixes = try TrackTable.read(try object.existingFile("track"))
        } else {
            for fix in try object.objects("fixes", known: ["time", "longitude", "latitude"]) {
                fixes.append(
                    TrackFix(
                        time: try fix.instant("time"),
                        longitude: try number("longitude", fix, -180...360),
                        latitude: try number("latitude", fix, -90...90)
                    )
                )
            }
        }
        let gap =
            try object.has("maximum_gap_seconds") ? number("maximum_gap_seconds", object, 0...86_400) : 60
        let points = try object.has("points") ? count("points", object, most: 10_000) : 100
        let drive = Receptor.drive(
            name: try object.text("name"),
            fixes: fixes,
            inletMetres: try number("height", object, ReceptorLimits.heights),
            maximumGapSeconds: gap,
            mostPoints: points
        )
        guard let drive else { throw object.error("fixes", "no fix") }
        guard drive.averagingSeconds <= ReceptorLimits.longestSeconds else {
            throw object.error("fixes", "span more than \(ReceptorLimits.longestDays) days")
        }
        return drive
    }

    private func column() throws(ConfigurationError) -> ColumnPlan {
        let surface = try number("surface_pressure_hpa", object, 300...1100) * 100
        let top = try object.has("top") ? number("top", object, 100...50_000) : 6000
        guard let releases = ColumnReleases(topMetres: top) else {
            throw object.error("top", "must be from 100 to 50000")
        }
        let plan = ColumnPlan(
            name: try object.text("name"),
            time: try object.instant("time"),
            longitude: try number("longitude", object, -180...360),
            latitude: try number("latitude", object, -90...90),
            kernel: try kernel(surface: surface),
            surfacePascal: surface,
            releases: releases,
            paths: [try lightPath("sun"), try lightPath("view")].compactMap(\.self)
        )
        guard let plan else {
            throw object.error("surface_pressure_hpa", "no pressure of the air at the ground")
        }
        return plan
    }

    private func kernel(surface: Double) throws(ConfigurationError) -> ColumnKernel {
        let parts = ["pressures_hpa", "averaging_kernel", "pressure_weight"]
        guard parts.contains(where: object.has) else { return ColumnKernel(uniformBelowPascal: surface) }
        let named = object.has("support") ? try object.text("support") : ColumnKernel.Support.levels.rawValue
        guard let support = ColumnKernel.Support(rawValue: named) else {
            throw object.error("support", "is levels or layers")
        }
        let sum = try object.numbers("pressure_weight").reduce(0, +)
        guard abs(sum - 1) <= 0.02 else {
            throw object.error("pressure_weight", "the weights of a column sum to 1, these to \(sum)")
        }
        let kernel = ColumnKernel(
            pressuresPascal: try object.numbers("pressures_hpa").map { $0 * 100 },
            averagingKernel: try object.numbers("averaging_kernel"),
            pressureWeight: try object.numbers("pressure_weight"),
            support: support
        )
        guard let kernel else {
            let counts = support == .levels ? "as many values" : "one value less"
            throw object.error(
                "pressures_hpa",
                "pressures must ascend or fall throughout, with \(counts) for each"
            )
        }
        return kernel
    }

    private func lightPath(_ key: String) throws(ConfigurationError) -> LightPath? {
        guard object.has(key) else { return nil }
        let angles = try object.object(key, known: ["zenith", "azimuth"])
        let azimuth = try number("azimuth", angles, -360...360)
        guard
            let path = LightPath(zenithDegrees: try number("zenith", angles, 0...85), azimuthDegrees: azimuth)
        else { throw angles.error("zenith", "must be from 0 to 85") }
        return path
    }

    private func path() throws(ConfigurationError) -> Receptor {
        let known = ["longitude", "latitude", "height"]
        return .lineOfSight(
            name: try object.text("name"),
            time: try object.instant("time"),
            from: try place(of: object.object("from", known: known)),
            to: try place(of: object.object("to", known: known)),
            points: try object.has("points") ? count("points", object, most: 10_000) : 20,
            averagingSeconds: try averagingSeconds()
        )
    }

    // MARK: - Values

    private func averagingSeconds() throws(ConfigurationError) -> Double {
        guard object.has("end") else { return 0 }
        let seconds = try object.instant("end").seconds(since: object.instant("time"))
        guard seconds > 0, seconds <= ReceptorLimits.longestSeconds else {
            throw object.error(
                "end",
                "must be after `time` and within \(ReceptorLimits.longestDays) days of it"
            )
        }
        return seconds
    }

    private func place(of object: ConfigurationObject) throws(ConfigurationError) -> ReceptorPoint {
        ReceptorPoint(
            longitude: try number("longitude", object, -180...360),
            latitude: try number("latitude", object, -90...90),
            heightMetres: try number("height", object, ReceptorLimits.heights)
        )
    }

    private func number(
        _ key: String,
        _ object: ConfigurationObject,
        _ range: ClosedRange<Double>
    ) throws(ConfigurationError) -> Double {
        let value = try object.number(key)
        guard range.contains(value) else {
            let limits = "from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
            let unit = range == ReceptorLimits.heights ? " m above ground" : ""
            throw object.error(key, "is \(Self.text(value)) for \(name), must be \(limits)\(unit)")
        }
        return value
    }

    /// For messages.
    private var name: String { (try? object.text("name")).map { "receptor `\($0)`" } ?? "a receptor" }

    private static func text(_ value: Double) -> String { Int(exactly: value).map { "\($0)" } ?? "\(value)" }

    private func count(_ key: String, _ object: ConfigurationObject, most: Int) throws(ConfigurationError)
        -> Int
    {
        guard let value = Int(exactly: try object.number(key)), (1...most).contains(value) else {
            throw object.error(key, "must be a whole number from 1 to \(most)")
        }
        return value
    }
}
