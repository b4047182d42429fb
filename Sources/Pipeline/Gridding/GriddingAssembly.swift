import Concurrent
import Formats
import Gridding

/// The sums of the files of a run while they come together; of each file only what tells its soundings from others
/// stays beside them.
struct GriddingAssembly {
    private struct Member {
        let input: FileProvenance.Input
        let origin: SoundingOrigin
        /// Empty where the sums were kept and the file is not at hand.
        let path: String
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
    /// Files for which an uncertainty was assumed in vain.
    private var ownUncertainties: [String] = []
    /// A file of the run that has been opened for all of its fields.
    private var opened: SoundingFile?

    private let digests: DigestWork

    init(_ run: GriddingRun, opened: SoundingFile?, digests: DigestWork) throws {
        self.run = run
        self.digests = digests
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
        // Given twice: all of its soundings are duplicates, and are found to be.
        let isRepeat = !sha256.isEmpty && members.contains { $0.input.sha256 == sha256 }
        if let place = entries.firstIndex(where: { $0.input.sha256 == sha256 }) {
            let entry = entries.remove(at: place)
            let shared = try soundingsShared(entry.origin, input.provenance.name)
            // Kept as if alone: what a member gave already must be left out here too.
            guard shared.isEmpty else { return try take(try await rest(of: input, shared), of: input) }
            reused.append(input.provenance.name)
            return try take(try entry.sums(), of: input)
        }
        let unchecked = checks
        let new = try await read(input.path, isChecked: true).sums
        // Kept as if alone: what another file gave already depends on the company.
        try replaceKept(new.origin, input.provenance.name)
        let shared = try soundingsShared(new.origin, input.provenance.name)
        var others = new
        if !shared.isEmpty {
            // What comes again goes by the checks once.
            checks = unchecked
            others = try await rest(of: input, shared)
        }
        if !isRepeat {
            try kept?.write(SumsFile(input: input.provenance, reading: run.options.summary, sums: new))
        }
        try take(others, of: input)
    }

    /// The sums of a file without the soundings that members gave, which must be the same in every number: which of
    /// two counted would hang on the names of the files.
    private mutating func rest(of input: GriddingRun.Input, _ shared: [SharedSoundings]) async throws
        -> FileSums
    {
        let all = shared.reduce(into: Set<UInt64>()) { $0.formUnion($1.ids) }
        let own = try await read(input.path, excluding: all, isChecked: true)
        for part in shared {
            let gridder = try await gridder(part.path)
            let theirs = try await onOwnThread(named: "gridding") { try gridder.contents(of: Set(part.ids)) }
            let count = own.contents.differing(from: theirs)
            guard count == 0 else {
                throw GriddingRunError.contradictory(input.provenance.name, part.name, soundings: count)
            }
        }
        return own.sums
    }

    private mutating func take(_ sums: consuming FileSums, of input: GriddingRun.Input) throws {
        let member = Member(input: input.provenance, origin: sums.origin, path: input.path)
        // One file is of one product and platform.
        let share = ProductShare(
            product: sums.products.sorted().joined(separator: ", "),
            platform: sums.platforms.sorted().joined(separator: ", "),
            soundings: sums.tally.used
        )
        do throws(GriddingError) {
            if total == nil { total = sums } else { try total?.merge(sums) }
        } catch {
            let first = members.first { $0.origin.ids.count > 0 } ?? members.first
            throw GriddingRunError.notTogether(member.input.name, first?.input.name ?? "", error)
        }
        members.append(member)
        shares.append(share)
    }

    /// - Parameter isChecked: whether the soundings go by the checks too, as they should once.
    private mutating func read(
        _ path: String,
        excluding excluded: Set<UInt64> = [],
        isChecked: Bool = false
    ) async throws -> FileGridder.Reading {
        let gridder = try await gridder(path)
        let seen = isChecked && !checks.isEmpty
        if seen { try await checks.prepare(gridder.file.product, path) }
        let before = seen ? checks : nil
        let reading = try await onOwnThread(named: "gridding") {
            do {
                return try gridder.read(excluding: excluded, checks: before)
            } catch let error as AnalysisError {
                throw GriddingRunError.notCompared(FileProvenance.Input.name(ofFile: path), error)
            }
        }
        if let after = reading.checks { checks = after }
        return reading
    }

    private mutating func gridder(_ path: String) async throws -> FileGridder {
        let file = try await file(path)
        if file.ignoresAssumedUncertainty, !ownUncertainties.contains(path) { ownUncertainties.append(path) }
        return FileGridder(
            file: file,
            plan: run.plan,
            fields: run.fields,
            threads: run.threads,
            digests: digests
        )
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

    /// What a member and a new file both hold.
    private struct SharedSoundings {
        let name: String
        let path: String
        let ids: [UInt64]
    }

    /// Kept files that hold soundings of a new one give way to it where that was asked for.
    private mutating func replaceKept(_ new: SoundingOrigin, _ name: String) throws {
        for entry in entries where !new.shared(with: entry.origin).isEmpty {
            guard run.replaces else { throw GriddingRunError.sharedWithKept(name, kept: entry.input.name) }
            replaced.append(entry.input.name)
            discarded.append(entry)
            entries.removeAll { $0.path == entry.path }
        }
    }

    /// Soundings that files before this one gave.
    private func soundingsShared(_ new: SoundingOrigin, _ name: String) throws -> [SharedSoundings] {
        try members.compactMap { member in
            let ids = new.shared(with: member.origin)
            guard !ids.isEmpty else { return nil }
            guard member.origin.isSameBuild(as: new) else {
                throw GriddingRunError.twoBuilds(member.input.name, name)
            }
            return SharedSoundings(name: member.input.name, path: member.path, ids: ids)
        }
    }

    /// Merges what was kept with what is new.
    mutating func merged() async throws -> (columns: [GriddedColumns], tally: SoundingTally) {
        for entry in entries {
            // Not so unless a run was cut off between keeping new sums and removing those they replace.
            if let member = members.first(where: { !$0.origin.shared(with: entry.origin).isEmpty }) {
                throw GriddingRunError.sharedWithKept(member.input.name, kept: entry.input.name)
            }
            reused.append(entry.input.name)
            try take(try entry.sums(), of: GriddingRun.Input(path: "", provenance: entry.input))
        }
        let merged = total ?? FileSums(run.plan)
        let columns = await merged.columnsInParallel()
        guard !columns.isEmpty else {
            if members.isEmpty, let folder = run.sumsFolder { throw GriddingRunError.nothingKept(folder) }
            throw GriddingRunError.nothingGridded(merged.tally)
        }
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
            remarks: remarks,
            biases: checks.biasReport,
            comparisons: checks.comparisons.map { $0.result },
            discard: { for entry in discarded { try kept?.remove(entry) } }
        )
    }

    private var remarks: [String] {
        guard let first = ownUncertainties.min() else { return [] }
        let name = FileProvenance.Input.name(ofFile: first)
        let others = ownUncertainties.count - 1
        let names = others == 0 ? name : "\(name) and \(others) more"
        return [
            "--assume-uncertainty has no effect on \(names): soundings there have uncertainties of their own"
        ]
    }
}
