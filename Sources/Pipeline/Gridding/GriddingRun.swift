import Concurrent
public import Formats
public import Gridding
public import Quantities

/// Grids files of soundings, with those whose sums were kept before.
public struct GriddingRun: Sendable {
    public var files: [String]
    public var plan: GriddingPlan
    public var options: SoundingOptions
    /// How many threads read and place; the result does not depend on it.
    public var threads = availableThreads
    /// Folder of kept sums; nil to keep none.
    public var sumsFolder: String?
    /// Names of files whose kept sums are dropped first.
    public var dropped: [String] = []
    /// Whether a file takes the place of kept ones that hold the same soundings.
    public var replaces = false

    /// The error model of a gas, taken in place of the plan's when the gas is known.
    public var errorModel: (@Sendable (Gas) -> ErrorModel)?
    /// Whether biases between footprints, surfaces, modes and swaths are looked for.
    public var seeksBiases = false
    /// TCCON files to compare the soundings with.
    public var groundFiles: [String] = []

    public init(files: [String], plan: GriddingPlan, options: SoundingOptions = SoundingOptions()) {
        self.files = files
        self.plan = plan
        self.options = options
    }

    /// What came of it.
    public struct Outcome: Sendable {
        /// One for each window that holds soundings, in the order of time.
        public let columns: [GriddedColumns]
        public let tally: SoundingTally
        /// The products that gave soundings, by name.
        public let products: [ProductShare]
        /// All files that the result is made of, sorted by name.
        public let inputs: [FileProvenance.Input]
        /// Names of files whose kept sums were used, and of those that were replaced.
        public let reused: [String]
        public let replaced: [String]
        /// Nil unless asked for.
        public let biases: BiasReport?
        /// One for each file of the ground.
        public let comparisons: [ComparisonResult]
        /// Removes kept sums that were dropped or replaced: to be called when the result is safe.
        public let discard: @Sendable () throws -> Void
    }

    /// Reads, adds up and merges; blocks in C libraries and on threads of its own.
    ///
    /// - Throws: as `SoundingFile`, `GriddingError`, ``GriddingRunError``, `SumsFileError`.
    public func perform() async throws -> Outcome {
        for path in files { try FileAccessError.requireRegularFile(path) }
        var run = self
        if let errorModel, let gas = try await gas() { run.plan = plan.with(errorModel(gas)) }
        return try await run.assembled()
    }

    /// Of the first file, or of sums that were kept.
    private func gas() async throws -> Gas? {
        if let path = files.min() {
            var options = options
            options.fields = []
            Heartbeat.inherited.reading(path)
            defer { Heartbeat.inherited.doneReading() }
            return try await SoundingFile.open(path, options: options).product.gas
        }
        return try sumsFolder.flatMap { try KeptSums(folder: $0).gas(on: plan.grid) }
    }

    private func assembled() async throws -> Outcome {
        var assembly = try GriddingAssembly(self)
        let names = files.map { FileProvenance.Input.name(ofFile: $0) }
        guard sumsFolder == nil, Set(names).count == names.count else {
            for input in try await sortedInputs() { try await assembly.add(input) }
            return try assembly.outcome()
        }
        // Nothing hangs on the digests here, so that they may be made meanwhile.
        async let digested = sortedInputs()
        for (name, path) in zip(names, files).sorted(by: { $0.0 < $1.0 }) {
            let unknown = FileProvenance.Input(name: name, sha256: "")
            try await assembly.add(Input(path: path, provenance: unknown))
        }
        return try assembly.outcome(inputs: try await digested.map { $0.provenance })
    }

    /// A file and its digest.
    struct Input: Sendable {
        let path: String
        let provenance: FileProvenance.Input
    }

    /// By name, then digest: the order in which files take part must not depend on how they were given. The same
    /// content twice counts once.
    private func sortedInputs() async throws -> [Input] {
        let files = self.files
        let inputs = try await onOwnThread(named: "digests") {
            try files.map { Input(path: $0, provenance: try FileProvenance.Input(ofFile: $0)) }
        }
        return inputs.sorted {
            ($0.provenance.name, $0.provenance.sha256, $0.path)
                < ($1.provenance.name, $1.provenance.sha256, $1.path)
        }
    }

    var fields: SoundingFields {
        var fields: SoundingFields = [.identity]
        if plan.method != .centre { fields.insert(.corners) }
        if plan.withProfiles || !groundFiles.isEmpty { fields.insert(.profiles) }
        if plan.errorModel.correlation != nil || seeksBiases { fields.insert(.surface) }
        return fields
    }
}
