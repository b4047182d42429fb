import Concurrent
import Formats
import Gridding

/// The sums of the files of a run while they come together; of each file only what tells its soundings from others
/// stays beside them.
struct GriddingAssembly {
    private struct Member {
        let input: FileProvenance.Input
        let origin: SoundingOrigin
    }

    private let run: GriddingRun
    private let kept: KeptSums?
    private var entries: [KeptSums.Entry]
    /// Dropped or replaced; their files go when all else is done.
    private var discarded: [KeptSums.Entry] = []
    private var total: FileSums?
    private var members: [Member] = []
    private var shares: [ProductShare] = []
    private var reused: [String] = []
    private var replaced: [String] = []
    private var checks: SoundingChecks
    /// A file of the run that has been opened for all of its fields.
    private var opened: SoundingFile?

    init(_ run: GriddingRun, opened: SoundingFile?) throws {
        self.run = run
        self.opened = opened
        checks = SoundingChecks(seeksBiases: run.seeksBiases, groundFiles: run.groundFiles)
        kept = run.sumsFolder.map { KeptSums(folder: $0) }
        entries = try kept?.entries(run.plan, reading: run.options.summary) ?? []
        for name in run.dropped {
            let known = entries.map { $0.input.name }
            guard known.contains(name) else { throw GriddingRunError.notKept(name, known: known) }
            discarded += entries.filter { $0.input.name == name }
            entries.removeAll { $0.input.name == name }
        }
    }

    /// Adds a file, from its kept sums where they are of the same content.
    mutating func add(_ input: GriddingRun.Input) async throws {
        let sha256 = input.provenance.sha256
        if !sha256.isEmpty, let first = members.first(where: { $0.input.sha256 == sha256 }) {
            // Given twice: duplicates, sounding by sounding.
            let excluded = Set(first.origin.ids.shared(with: first.origin.ids))
            return try take(try await sums(input.path, excluding: excluded), of: input.provenance)
        }
        if let place = entries.firstIndex(where: { $0.input.sha256 == sha256 }) {
            reused.append(input.provenance.name)
            return try take(try entries.remove(at: place).sums(), of: input.provenance)
        }
        let new = try await sums(input.path, isChecked: true)
        // Kept as if alone: what another file gave already depends on the company.
        let shared = try sharedSoundings(new.origin, input.provenance.name)
        try kept?.write(SumsFile(input: input.provenance, reading: run.options.summary, sums: new))
        let others = shared.isEmpty ? new : try await sums(input.path, excluding: shared)
        try take(others, of: input.provenance)
    }

    private mutating func take(_ sums: consuming FileSums, of input: FileProvenance.Input) throws {
        members.append(Member(input: input, origin: sums.origin))
        // One file is of one product and platform.
        shares.append(
            ProductShare(
                product: sums.products.sorted().joined(separator: ", "),
                platform: sums.platforms.sorted().joined(separator: ", "),
                soundings: sums.tally.used
            )
        )
        if total == nil { total = sums } else { try total?.merge(sums) }
    }

    /// - Parameter isChecked: whether the soundings go by the checks too, as they should once.
    private mutating func sums(
        _ path: String,
        excluding excluded: Set<UInt64> = [],
        isChecked: Bool = false
    ) async throws -> FileSums {
        let file = try await file(path)
        let gridder = FileGridder(file: file, plan: run.plan, fields: run.fields, threads: run.threads)
        let seen = isChecked && !checks.isEmpty
        if seen { try await checks.prepare(file.product) }
        let before = seen ? checks : nil
        let (sums, after) = try await onOwnThread(named: "gridding") {
            try gridder.sums(excluding: excluded, checks: before)
        }
        if let after { checks = after }
        return sums
    }

    private mutating func file(_ path: String) async throws -> SoundingFile {
        if let opened, opened.path == path {
            self.opened = nil
            return opened
        }
        var options = run.options
        options.fields = run.fields
        Heartbeat.inherited.reading(path)
        return try await SoundingFile.open(path, options: options)
    }

    /// Soundings that files before this one gave; kept files with them are replaced where that was asked for.
    private mutating func sharedSoundings(_ new: SoundingOrigin, _ name: String) throws -> Set<UInt64> {
        for entry in entries where !new.shared(with: entry.origin).isEmpty {
            guard run.replaces else { throw GriddingRunError.sharedWithKept(name, kept: entry.input.name) }
            replaced.append(entry.input.name)
            discarded.append(entry)
            entries.removeAll { $0.path == entry.path }
        }
        var shared: Set<UInt64> = []
        for member in members {
            let ids = new.shared(with: member.origin)
            guard ids.isEmpty || member.origin.isSameBuild(as: new) else {
                throw GriddingRunError.twoBuilds(member.input.name, name)
            }
            shared.formUnion(ids)
        }
        return shared
    }

    /// Merges what was kept with what is new.
    mutating func merged() throws -> (columns: [GriddedColumns], tally: SoundingTally) {
        for entry in entries {
            // Not so unless a run was cut off between keeping new sums and removing those they replace.
            if let member = members.first(where: { !$0.origin.shared(with: entry.origin).isEmpty }) {
                throw GriddingRunError.sharedWithKept(member.input.name, kept: entry.input.name)
            }
            reused.append(entry.input.name)
            try take(try entry.sums(), of: entry.input)
        }
        let merged = total ?? FileSums(run.plan)
        let columns = merged.columns()
        guard !columns.isEmpty else { throw GriddingRunError.nothingGridded(merged.tally) }
        total = nil
        return (columns, merged.tally)
    }

    /// - Parameter inputs: the files with their digests, where these were not known before.
    func outcome(
        of merged: (columns: [GriddedColumns], tally: SoundingTally),
        inputs: [FileProvenance.Input]? = nil
    ) throws -> GriddingRun.Outcome {
        let (kept, discarded) = (self.kept, self.discarded)
        let own = members.map { $0.input }.sorted { ($0.name, $0.sha256) < ($1.name, $1.sha256) }
        return GriddingRun.Outcome(
            columns: merged.columns,
            tally: merged.tally,
            products: ProductShare.merged(shares),
            inputs: inputs ?? own,
            reused: reused.sorted(),
            replaced: replaced.sorted(),
            biases: checks.biasReport,
            comparisons: checks.comparisons.map { $0.result },
            discard: { for entry in discarded { try kept?.remove(entry) } }
        )
    }
}
