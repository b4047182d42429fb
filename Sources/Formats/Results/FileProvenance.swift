public import NetCDF
public import Quantities

/// What a written file says of its making, so that a number in it can be followed back to its inputs.
public struct FileProvenance: Equatable, Sendable {
    /// A file that was read, without the folders it lay in.
    public struct Input: Equatable, Sendable {
        public let name: String
        public let sha256: String

        public init(name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }

        /// The last part of a path.
        public static func name(ofFile path: String) -> String {
            path.split(separator: "/").last.map(String.init) ?? path
        }

        /// Reads the file for its digest; blocks meanwhile.
        ///
        /// - Parameter readsAhead: whether another thread reads ahead of the digest.
        /// - Throws: ``FileAccessError``, `CancellationError` once `isCancelled` says so.
        public init(
            ofFile path: String,
            readsAhead: Bool = false,
            isCancelled: () -> Bool = { false }
        ) throws {
            name = Self.name(ofFile: path)
            sha256 = try SHA256.hexDigest(ofFile: path, readsAhead: readsAhead, isCancelled: isCancelled)
        }
    }

    /// The command as it was given.
    public let command: String
    /// The settings that were used, defaults included.
    public let configuration: String
    /// Nil where nothing was drawn at random.
    public let seed: UInt64?
    public let inputs: [Input]
    /// When the file was made; nil where the same input is to give the same bytes.
    public let created: Instant?

    public init(command: String, configuration: String, seed: UInt64?, inputs: [Input], created: Instant?) {
        self.command = command
        self.configuration = configuration
        self.seed = seed
        self.inputs = inputs
        self.created = created
    }

    /// Same inputs, same bytes: the day alone, or the moment that a reproducible build asks for
    /// (https://reproducible-builds.org/specs/source-date-epoch).
    public static func created(_ environment: [String: String]) -> Instant {
        let moment = environment["SOURCE_DATE_EPOCH"].flatMap { Int64($0) }
            .flatMap { Instant(secondsSince1970: Double($0)) }
        if let moment { return moment }
        let day: Int64 = 86_400_000_000
        return Instant(microseconds: Instant.now().microseconds / day * day)
    }

    public var software: String { "crosswind \(Version.current)" }

    /// Global attributes of a netCDF file; `history` in the form of the CF and ACDD conventions.
    public var attributes: [(String, NetCDFAttribute)] {
        let inputLines = inputs.map { "\($0.sha256)  \($0.name)" }.joined(separator: "\n")
        let stamp = created.map { "\($0) " } ?? ""
        return [
            ("history", .text("\(stamp)\(software): \(command)"))
        ] + (created.map { [("date_created", .text("\($0)"))] } ?? []) + [
            ("software", .text(software)),
            ("command", .text(command)),
            ("configuration", .text(configuration)),
            ("seed", .text(seed.map(String.init) ?? "none: nothing was drawn at random")),
            ("inputs_sha256", .text(inputLines)),
        ]
    }
}
