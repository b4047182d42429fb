import Concurrent
import Formats
import Gridding
import Observations
import Quantities

/// No sounding of the files fell into the grid, so there is nothing to write.
struct NothingGridded: Fault {
    let tally: SoundingTally

    var exitStatus: ExitStatus { .badData }
    var what: String { "no usable sounding in the grid (read \(tally.read), \(reasons))" }
    var place: String { "" }
    var remedy: String { "check the box and the days of the files" }

    private var reasons: String {
        tally.rejected.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
            .joined(separator: ", ")
    }
}

/// What came of gridding.
struct GridOutcome: Sendable {
    let columns: GriddedColumns
    let tally: SoundingTally
    let provenance: FileProvenance
}

/// Reads, grids and writes.
struct GridRun: Sendable {
    let settings: GridSettings

    func perform() async throws -> GridOutcome {
        var gridder = SoundingGridder(
            grid: settings.grid,
            weighting: settings.weighting,
            errorModel: settings.errorModel
        )
        var inputs: [FileProvenance.Input] = []
        let heartbeat = Heartbeat.inherited
        for file in settings.files {
            heartbeat.reading(file)
            async let input = onOwnThread(named: "digest") { try FileProvenance.Input(ofFile: file) }
            let soundings = try await SoundingFile.open(file, options: SoundingOptions(scale: settings.scale))
            try gridder.add(try soundings.readAll())
            inputs.append(try await input)
        }
        heartbeat.doneReading()
        guard let columns = gridder.columns() else { throw NothingGridded(tally: gridder.tally) }
        let provenance = FileProvenance(
            command: (["crosswind"] + CommandLine.arguments.dropFirst()).joined(separator: " "),
            configuration: settings.configuration,
            seed: nil,
            inputs: inputs,
            created: .now()
        )
        try await Level3Writer.write(
            columns,
            tally: gridder.tally,
            provenance: provenance,
            to: settings.output
        )
        return GridOutcome(columns: columns, tally: gridder.tally, provenance: provenance)
    }
}
