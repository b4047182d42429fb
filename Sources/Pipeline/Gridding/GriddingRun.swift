import Concurrent
public import Formats
public import Gridding
public import Quantities
import Synchronization

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
        /// What the caller should know of how the options met the files.
        public let remarks: [String]
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
        // Nothing hangs on the digests where no sums are kept, so that they are made from the start beside the rest.
        async let digested = hangsOnDigests ? [] : sortedInputs()
        var run = self
        var opened: SoundingFile?
        if let errorModel {
            opened = try await firstFile()
            let gas = try opened?.product.gas ?? keptGas()
            if let gas { run.plan = plan.with(errorModel(gas)) }
        }
        var assembly = try GriddingAssembly(run, opened: opened)
        guard !hangsOnDigests else {
            for input in try await sortedInputs() { try await assembly.add(input) }
            let merged = try assembly.merged()
            return try assembly.outcome(of: merged)
        }
        let names = files.map { FileProvenance.Input.name(ofFile: $0) }
        for (name, path) in zip(names, files).sorted(by: { $0.0 < $1.0 }) {
            let unknown = FileProvenance.Input(name: name, sha256: "")
            try await assembly.add(Input(path: path, provenance: unknown))
        }
        let merged = try assembly.merged()
        return try assembly.outcome(of: merged, inputs: try await digested.map { $0.provenance })
    }

    /// Whether the order of files, and what is kept of them, follows from their content.
    private var hangsOnDigests: Bool {
        sumsFolder != nil || Set(files.map { FileProvenance.Input.name(ofFile: $0) }).count != files.count
    }

    /// With all fields that the run may come to need.
    private func firstFile() async throws -> SoundingFile? {
        guard let path = files.min() else { return nil }
        var options = options
        options.fields = fields
        let models = Gas.allCases.compactMap { errorModel?($0) }
        if models.contains(where: { $0.correlation != nil }) { options.fields.insert(.surface) }
        Heartbeat.inherited.reading(path)
        defer { Heartbeat.inherited.doneReading() }
        return try await SoundingFile.open(path, options: options)
    }

    private func keptGas() throws -> Gas? {
        try sumsFolder.flatMap { try KeptSums(folder: $0).gas(on: plan.grid) }
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
        let stop = StopSign()
        let inputs = try await withTaskCancellationHandler {
            try await onOwnThread(named: "digests") {
                try files.map { path in
                    let input = try FileProvenance.Input(ofFile: path) { stop.isUp }
                    return Input(path: path, provenance: input)
                }
            }
        } onCancel: {
            stop.raise()
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

/// Tells a thread that its work is of no use any more: what failed must not wait for the digests of years of files.
private final class StopSign: Sendable {
    private let state = Mutex(false)

    var isUp: Bool { state.withLock { $0 } }

    func raise() { state.withLock { $0 = true } }
}
