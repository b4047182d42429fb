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
    public func perform() async throws -> Outcome { try await perform { _ in }.outcome }

    /// The same, and beside it something that is made of the result before the digests of the inputs are known: they
    /// take as long as all else.
    ///
    /// - Parameter make: gets the outcome, with inputs whose digests may be empty.
    public func perform<Made: Sendable>(
        making make: (Outcome) async throws -> Made
    ) async throws -> (outcome: Outcome, made: Made) {
        for path in files { try FileAccessError.requireRegularFile(path) }
        let digests = DigestWork(isBesideReading: !hangsOnDigests)
        // Nothing hangs on the digests where no sums are kept, so that they are made from the start beside the rest.
        async let digested = hangsOnDigests ? [] : sortedInputs(digests)
        var run = self
        var opened: SoundingFile?
        if let errorModel {
            opened = try await firstFile()
            let gas = try opened?.product.gas ?? keptGas()
            if let gas { run.plan = plan.with(errorModel(gas)) }
        }
        var assembly = try GriddingAssembly(run, opened: opened, digests: digests)
        guard !hangsOnDigests else {
            for input in try await sortedInputs(digests) { try await assembly.add(input) }
            let merged = try await assembly.merged()
            let outcome = try assembly.outcome(of: merged)
            return (outcome, try await make(outcome))
        }
        let names = files.map { FileProvenance.Input.name(ofFile: $0) }
        for (name, path) in zip(names, files).sorted(by: { $0.0 < $1.0 }) {
            let unknown = FileProvenance.Input(name: name, sha256: "")
            try await assembly.add(Input(path: path, provenance: unknown))
        }
        let merged = try await assembly.merged()
        let made = try await make(try assembly.outcome(of: merged))
        return (try assembly.outcome(of: merged, inputs: try await digested.map { $0.provenance }), made)
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
    private func sortedInputs(_ work: DigestWork) async throws -> [Input] {
        let files = self.files
        let inputs = try await withTaskCancellationHandler {
            try await onOwnThread(named: "digests") {
                let heartbeat = Heartbeat.inherited
                defer { work.end(heartbeat) }
                return try files.map { path in
                    heartbeat.reading(path)
                    let input = try FileProvenance.Input(ofFile: path, readsAhead: true) {
                        // Whoever reads the file beside this may be done with it.
                        heartbeat.reading(path)
                        return work.isStopped
                    }
                    return Input(path: path, provenance: input)
                }
            }
        } onCancel: {
            work.stop()
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

/// The making of the digests of all files, beside which files are read.
final class DigestWork: Sendable {
    private let isRunning: Atomic<Bool>
    private let stopSign = Atomic(false)

    init(isBesideReading: Bool) { isRunning = Atomic(isBesideReading) }

    /// Of so many threads those that are left for reading, at least one. A digest is the one thing that cannot be
    /// parted: where it shared its processor it would be waited for at the end.
    func threadsBeside(of threads: Int) -> Int {
        isRunning.load(ordering: .relaxed) ? max(1, threads - 1) : threads
    }

    /// In this order: whoever found it running leaves the last word to it.
    func end(_ heartbeat: Heartbeat) {
        isRunning.store(false, ordering: .sequentiallyConsistent)
        heartbeat.doneReading()
    }

    /// Says that no file is being read, unless a digest still reads one.
    func endReading(_ heartbeat: Heartbeat) {
        if !isRunning.load(ordering: .sequentiallyConsistent) { heartbeat.doneReading() }
    }

    /// What failed must not wait for the digests of years of files.
    func stop() { stopSign.store(true, ordering: .relaxed) }

    var isStopped: Bool { stopSign.load(ordering: .relaxed) }
}
