import Concurrent
import Gridding
public import Observations
public import Quantities

/// What a look at a file of soundings tells: what it is, what it holds, whether it agrees with itself.
public struct SoundingInspection: Encodable, Sendable {
    /// Least and largest value of the good soundings.
    public struct Extent: Encodable, Equatable, Sendable {
        public let name: String
        public let unit: String
        public let least: Double
        public let largest: Double
    }

    /// The largest difference from what holds by definition.
    public struct Identity: Encodable, Equatable, Sendable {
        public let name: String
        public let unit: String
        public let largestDifference: Double
    }

    public let path: String
    public let product: String
    public let family: String
    public let platform: String
    public let build: String
    public let gas: Gas
    public let scale: CalibrationScale
    public let levels: Int
    public let profileSupport: ProfileSupport
    public let hasCorners: Bool
    public let fieldOfViewKilometres: Double?
    public internal(set) var soundings = 0
    public internal(set) var good = 0
    public internal(set) var rejected: [String: Int] = [:]
    public internal(set) var firstSounding: Instant?
    public internal(set) var lastSounding: Instant?
    public internal(set) var extents: [Extent] = []
    public internal(set) var identities: [Identity] = []
    public internal(set) var warnings: [String]

    /// Reads a whole file, block by block.
    ///
    /// - Throws: as ``SoundingFile/open(_:options:)`` and ``SoundingFile/read(_:fields:)``.
    public static func inspect(
        _ path: String,
        options: SoundingOptions = SoundingOptions()
    ) async throws -> SoundingInspection {
        var options = options
        options.fields = .all
        if options.assumedUncertainty == nil {
            options.assumedUncertainty = 1
            options.standsInForUncertainty = true
        }
        let isStandIn = options.standsInForUncertainty
        let file = try await SoundingFile.open(path, options, extra: [.sigma, .surfacePressure])
        return try await onOwnThread(named: "inspection") {
            var inspector = SoundingInspector(file)
            for start in stride(from: 0, to: file.count, by: file.blockLength) {
                try inspector.add(start..<min(file.count, start + file.blockLength))
            }
            var inspection = inspector.inspection()
            if isStandIn, !file.hasUncertainty { inspection.extents.removeAll { $0.name == "uncertainty" } }
            return inspection
        }
    }

    init(_ file: SoundingFile) {
        let product = file.product
        path = file.path
        self.product = product.name
        (family, platform, build) = (product.family, product.platform, product.build)
        (gas, scale, levels) = (product.gas, product.scale, product.levels)
        (profileSupport, hasCorners) = (product.profileSupport, product.hasCorners)
        fieldOfViewKilometres = product.fieldOfViewKilometres
        warnings = file.resolved.warnings
    }
}

extension SoundingInspection {
    /// For a terminal: a name and what is to be said, one to a line.
    public var lines: [String] {
        var rows = [
            ("file", path), ("product", product), ("layout", family),
            ("gas, scale", "X\(gas.rawValue.uppercased()) \(scale.phrase)"),
            ("profiles", levels == 0 ? "none" : "\(levels) \(profileSupport.rawValue)"),
            ("footprints", footprintText), ("soundings read", "\(soundings)"), ("good", "\(good)"),
        ]
        for (reason, count) in rejected.sorted(by: { $0.key < $1.key }) {
            rows.append(("  \(reason)", "\(count)"))
        }
        if let firstSounding, let lastSounding {
            rows.append(("time", "\(firstSounding) to \(lastSounding)"))
        }
        for extent in extents {
            rows.append(
                (extent.name, "\(rounded(extent.least)) to \(rounded(extent.largest)) \(extent.unit)")
            )
        }
        for identity in identities {
            rows.append((identity.name, "at most \(identity.largestDifference) \(identity.unit)"))
        }
        rows += warnings.map { ("warning", $0) }
        let width = (rows.map(\.0.count).max() ?? 0) + 2
        return rows.map { $0.0 + String(repeating: " ", count: width - $0.0.count) + $0.1 }
    }

    private var footprintText: String {
        if hasCorners { return "corners" }
        return fieldOfViewKilometres.map { "circles of \($0) km" } ?? "unknown"
    }

    private func rounded(_ value: Double) -> String { "\((value * 1e4).rounded() / 1e4)" }
}
