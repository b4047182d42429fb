import Concurrent
import Formats
import Gridding

/// The sums of the files of a run while they come together.
struct GriddingAssembly {
    private let run: GriddingRun
    private let kept: KeptSums?
    private var keptFiles: [SumsFile]
    private var members: [SumsFile] = []
    private var reused: [String] = []
    private var replaced: [String] = []

    init(_ run: GriddingRun) throws {
        self.run = run
        kept = run.sumsFolder.map { KeptSums(folder: $0) }
        keptFiles = try kept?.read(run.plan) ?? []
        for name in run.dropped {
            let known = keptFiles.map { $0.input.name }
            guard known.contains(name) else { throw GriddingRunError.notKept(name, known: known) }
            for file in keptFiles where file.input.name == name { try kept?.remove(file.input) }
            keptFiles.removeAll { $0.input.name == name }
        }
    }

    /// Adds a file, from its kept sums where they are of the same content.
    mutating func add(_ input: GriddingRun.Input) async throws {
        let sha256 = input.provenance.sha256
        guard sha256.isEmpty || !members.contains(where: { $0.input.sha256 == sha256 }) else {
            return try await addRepeated(input)
        }
        if let place = keptFiles.firstIndex(where: { $0.input.sha256 == sha256 }) {
            reused.append(input.provenance.name)
            return members.append(keptFiles.remove(at: place))
        }
        let new = SumsFile(input: input.provenance, sums: try await sums(input.path))
        let shared = try sharedSoundings(new)
        if shared.isEmpty {
            members.append(new)
        } else {
            members.append(
                SumsFile(input: input.provenance, sums: try await sums(input.path, excluding: shared))
            )
        }
        // Kept as if alone: what another file gave already depends on the company.
        try kept?.write(new)
    }

    /// A file given twice counts as duplicates, sounding by sounding.
    private mutating func addRepeated(_ input: GriddingRun.Input) async throws {
        let first = members.first { $0.input.sha256 == input.provenance.sha256 }
        let excluded = first.map { Set($0.sums.ids.shared(with: $0.sums.ids)) } ?? []
        members.append(
            SumsFile(input: input.provenance, sums: try await sums(input.path, excluding: excluded))
        )
    }

    private func sums(_ path: String, excluding excluded: Set<UInt64> = []) async throws -> FileSums {
        var options = run.options
        options.fields = run.fields
        Heartbeat.inherited.reading(path)
        let file = try await SoundingFile.open(path, options: options)
        let gridder = FileGridder(file: file, plan: run.plan, fields: run.fields, threads: run.threads)
        return try await onOwnThread(named: "gridding") { try gridder.sums(excluding: excluded) }
    }

    /// Soundings that files before this one gave; kept files with them are replaced where that was asked for.
    private mutating func sharedSoundings(_ new: SumsFile) throws -> Set<UInt64> {
        for file in keptFiles where !new.sums.sharedSoundings(with: file.sums).isEmpty {
            guard run.replaces else {
                throw GriddingRunError.sharedWithKept(new.input.name, kept: file.input.name)
            }
            replaced.append(file.input.name)
            try kept?.remove(file.input)
            keptFiles.removeAll { $0.input == file.input }
        }
        var shared: Set<UInt64> = []
        for file in members {
            let ids = new.sums.sharedSoundings(with: file.sums)
            guard ids.isEmpty || file.sums.builds == new.sums.builds else {
                throw GriddingRunError.twoBuilds(file.input.name, new.input.name)
            }
            shared.formUnion(ids)
        }
        return shared
    }

    /// Merges what was kept with what is new.
    ///
    /// - Parameter inputs: the files with their digests, where these were not known before.
    mutating func outcome(inputs: [FileProvenance.Input]? = nil) throws -> GriddingRun.Outcome {
        reused += keptFiles.map { $0.input.name }
        let all = (members + keptFiles).sorted {
            ($0.input.name, $0.input.sha256) < ($1.input.name, $1.input.sha256)
        }
        var total = FileSums(run.plan)
        for file in all { try total.merge(file.sums) }
        let columns = total.columns()
        guard !columns.isEmpty else { throw GriddingRunError.nothingGridded(total.tally) }
        return GriddingRun.Outcome(
            columns: columns,
            tally: total.tally,
            inputs: inputs ?? all.map { $0.input },
            reused: reused.sorted(),
            replaced: replaced.sorted()
        )
    }
}
