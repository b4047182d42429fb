import Concurrent
import Formats
import Foundation
import Quantities

/// `crosswind footprint --convert`.
struct FootprintLayoutChange {
    /// What is printed.
    struct Summary: Encodable {
        let layout: String
        let footprints: Int
        let files: [String]
        /// What the layout has no place for.
        let losses: [String]

        var lines: [String] {
            ["footprints  \(footprints), in the layout \(layout)"] + losses.map { "lost        \($0)" }
                + (files.count > 3 ? ["written     \(files.count) files"] : files.map { "written     \($0)" })
        }
    }

    private let files: [String]
    private let target: FootprintConversion.Target
    private let output: String
    private let isIntegrated: Bool

    init(_ options: Options) throws {
        files = try FootprintOperands.files(options)
        target = try GridSettings.choice("to", options) ?? .crosswind
        isIntegrated = options.isSet("integrated")
        let text = try options.required("output")
        guard target == .stilt else {
            try NetCDFName.check(text, option: "output", verb: options.verb)
            output = try OutputPath(text, inputs: files).path
            try OutputProbe.check([output])
            return
        }
        let isNamedAsFile = ["nc", "nc4"].contains((text as NSString).pathExtension.lowercased())
        guard OutputProbe.kind(text) == .folder || (OutputProbe.kind(text) == .nothing && !isNamedAsFile)
        else {
            throw UsageError.badValue(
                "output",
                text,
                expected: "a folder, where --to stilt writes a file for each receptor",
                verb: options.verb
            )
        }
        try OutputProbe.check(folder: text)
        output = text
    }

    func perform() async throws -> Summary {
        let heartbeat = Heartbeat.inherited
        defer { heartbeat.doneReading() }
        var inputs: [FileProvenance.Input] = []
        for file in files {
            heartbeat.reading(file)
            inputs.append(try await onOwnThread(named: "digest") { try FileProvenance.Input(ofFile: file) })
        }
        if target == .stilt { try OutputProbe.create(output) }
        let outcome = try await FootprintConversion.convert(
            files,
            to: target,
            output: output,
            resolved: !isIntegrated,
            provenance: FileProvenance(
                command: GivenCommand.text,
                configuration: isIntegrated ? "layers=integrated" : "",
                seed: nil,
                inputs: inputs,
                created: FileProvenance.created(ProcessInfo.processInfo.environment)
            )
        )
        return Summary(
            layout: target.rawValue,
            footprints: outcome.footprints,
            files: outcome.files,
            losses: outcome.losses
        )
    }
}
