public import NetCDF
import Quantities
import Transport

/// Brings footprints of any known layout to another.
public enum FootprintConversion {
    /// What can be written.
    public enum Target: String, CaseIterable, Codable, Sendable {
        /// Our own, which keeps everything.
        case crosswind
        /// A file for each receptor.
        case stilt
        case paris
    }

    /// What was written, and what the layout could not take.
    public struct Outcome: Equatable, Sendable {
        public let files: [String]
        public let footprints: Int
        public let losses: [String]
    }

    /// - Parameters:
    ///   - paths: files on one grid; they are taken in order of time.
    ///   - output: a file, or for STILT-R a folder that is there.
    ///   - resolved: by time of emission where the files have that; else integrated over time.
    ///   - options: of our own layout.
    /// - Throws: ``NetCDFError`` as ``FootprintSequence`` and the writers.
    @NetCDFThread
    public static func convert(
        _ paths: [String],
        to target: Target,
        output: String,
        resolved: Bool = true,
        options: FootprintFileOptions = FootprintFileOptions(),
        provenance: FileProvenance
    ) throws(NetCDFError) -> Outcome {
        let sequence = try FootprintSequence(paths)
        let source = sequence.source(resolved: resolved)
        switch target {
        case .crosswind:
            try FootprintWriter.write(source, to: output, options: options, provenance: provenance)
            return Outcome(files: [output], footprints: sequence.count, losses: [])
        case .paris:
            try PARISFootprintWriter.write(source, to: output, provenance: provenance)
            return Outcome(files: [output], footprints: sequence.count, losses: [])
        case .stilt:
            return try stilt(sequence, source, output, provenance)
        }
    }

    private static func percent(_ share: Double) -> String {
        share.isFinite ? "\((1000 * share).rounded() / 10) %" : "an unknown share"
    }

    /// - Throws: ``NetCDFError`` where nothing would be left. The first footprint with something in its layers ends the
    ///   search.
    @NetCDFThread
    private static func requireLayers(
        _ sequence: FootprintSequence,
        _ source: FootprintSource
    ) throws(NetCDFError) {
        var isLost = false
        for index in 0..<sequence.count {
            let footprint = try source.footprint(index)
            if footprint.layers.contains(where: { $0.values.contains { $0 != 0 } }) { return }
            isLost = isLost || (footprint.residual?.values.contains { $0 != 0 } ?? false)
        }
        guard isLost else { return }
        throw NetCDFError(
            .unfit(
                "all of it was emitted before the layers, which STILT-R has no place for",
                remedy: "convert it integrated over time (--integrated)"
            ),
            path: sequence.paths.first ?? ""
        )
    }

    @NetCDFThread
    private static func stilt(
        _ sequence: FootprintSequence,
        _ source: FootprintSource,
        _ folder: String,
        _ provenance: FileProvenance
    ) throws(NetCDFError) -> Outcome {
        var named: Set<String> = []
        for receptor in sequence.receptors {
            guard let place = receptor.place else { continue }
            let name = STILTFootprintWriter.name(at: receptor.time, place)
            guard named.insert(name).inserted else {
                throw NetCDFError(
                    .unfit(
                        "two footprints of \(receptor.time) at one place, whose files STILT-R gives one name",
                        remedy: "convert them into folders of their own"
                    ),
                    path: folder
                )
            }
        }
        var files: [String] = []
        try requireLayers(sequence, source)
        var residuals = 0
        var (before, all) = (0.0, 0.0)
        for index in 0..<sequence.count {
            let footprint = try source.footprint(index)
            all += footprint.sum
            if let residual = footprint.residual {
                residuals += 1
                before += residual.sum
            }
            files.append(
                try STILTFootprintWriter.write(footprint, toFolder: folder, provenance: provenance)
            )
        }
        var losses: [String] = []
        if residuals > 0 {
            losses.append(
                "what was emitted before the layers of \(residuals) footprints, which STILT-R has no place for: "
                    + "\(percent(before / all)) of the sums of all"
            )
        }
        if sequence.hasBoundary { losses.append("where particles left the domain") }
        if sequence.receptors.contains(where: { $0.averagingSeconds > 0 }) {
            losses.append("the averaging times of the receptors, whose stamps are taken for moments")
        }
        return Outcome(files: files, footprints: sequence.count, losses: losses)
    }
}
