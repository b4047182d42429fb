import Formats
import Foundation
import Geo
import Gridding
import Quantities

/// The checked options of `crosswind grid`.
struct GridSettings: Sendable {
    let files: [String]
    let gridName: String
    let grid: LatitudeLongitudeGrid
    let weighting: SoundingWeighting
    let errorModel: ErrorModel
    let scale: CalibrationScale
    let output: String

    init(_ options: Options) throws {
        guard !options.operands.isEmpty else {
            throw UsageError.operands(expected: "at least one file of soundings", verb: options.verb)
        }
        files = options.operands
        output = try OutputPath(try options.required("output"), inputs: options.operands).path
        (gridName, grid) = try Self.grid(options)
        weighting = try Self.weighting(options)
        errorModel = try Self.errorModel(options)
        scale = try Self.scale(options)
        let method = options.text("method") ?? "centre"
        guard method == "centre" else {
            throw UsageError.badValue("method", method, expected: "centre", verb: options.verb)
        }
    }

    /// What the output says of how it was made.
    var configuration: String {
        """
        grid=\(gridName) method=centre weighting=\(weighting.rawValue) \
        shared_error_ppm=\(errorModel.sharedPartsPerMillion) noise_factor=\(errorModel.noiseFactor) \
        scale=\(scale)
        """
    }

    private static func grid(_ options: Options) throws -> (String, LatitudeLongitudeGrid) {
        if let name = options.text("grid") {
            guard !options.isSet("box"), !options.isSet("step") else {
                throw UsageError.badValue("grid", name, expected: "to be used with --box", verb: options.verb)
            }
            let definition = try GridCatalogue.standard(
                workingDirectory: FileManager.default.currentDirectoryPath,
                executable: Bundle.main.executablePath ?? CommandLine.arguments[0]
            ).definition(name)
            return (definition.id, definition.grid)
        }
        guard let edges = options.text("box") else {
            throw UsageError.missingOption("grid", verb: options.verb)
        }
        guard let step = try options.number("step") else {
            throw UsageError.missingOption("step", verb: options.verb)
        }
        return ("box \(edges) step \(step)", try grid(edges: edges, step: step, options.verb))
    }

    private static func grid(edges text: String, step: Double, _ verb: String) throws -> LatitudeLongitudeGrid
    {
        let edges = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
        guard edges.count == 4, text.split(separator: ",").count == 4,
            let box = BoundingBox(west: edges[0], south: edges[1], east: edges[2], north: edges[3])
        else {
            throw UsageError.badValue("box", text, expected: "W,S,E,N in degrees with S < N", verb: verb)
        }
        guard let grid = GridDefinition.grid(box: box, stepDegrees: step) else {
            let expected = "a side that divides the box into at most \(GridDefinition.maximumCells) cells"
            throw UsageError.badValue("step", "\(step)", expected: expected, verb: verb)
        }
        return grid
    }

    private static func weighting(_ options: Options) throws -> SoundingWeighting {
        guard let text = options.text("weighting") else { return .inverseVariance }
        guard let weighting = SoundingWeighting(rawValue: text) else {
            let expected = SoundingWeighting.allCases.map { $0.rawValue }.joined(separator: " or ")
            throw UsageError.badValue("weighting", text, expected: expected, verb: options.verb)
        }
        return weighting
    }

    private static func errorModel(_ options: Options) throws -> ErrorModel {
        let standard = ErrorModel.acosCarbonDioxide
        let shared = try options.number("shared-error") ?? standard.sharedPartsPerMillion
        let factor = try options.number("noise-factor") ?? standard.noiseFactor
        guard let model = ErrorModel(sharedPartsPerMillion: shared, noiseFactor: factor) else {
            throw UsageError.badValue(
                "shared-error",
                "\(shared), \(factor)",
                expected: "a pair of numbers from 0 to 1000",
                verb: options.verb
            )
        }
        return model
    }

    private static func scale(_ options: Options) throws -> CalibrationScale {
        switch options.text("scale")?.lowercased() {
        case nil, "x2007": return .co2X2007
        case "x2019": return .co2X2019
        case let text:
            throw UsageError.badValue("scale", text ?? "", expected: "x2007 or x2019", verb: options.verb)
        }
    }
}
