import Foundation
import TestSupport

/// A file of soundings to a grid of 0.1 and 0.05 degree, from the start of the program to the written file: ours
/// against `harpconvert`, by polygons and by centres; columns and errors alone, then with kernels, priors and
/// pressures on both sides (we average the pressure weights too, which HARP does not know of).
///
/// `Benchmarks --only grid-soundings --file FILE`, with a file in the layout of OCO-2 Lite.
struct GridSoundings: Race {
    let name = "grid-soundings"
    let file: String

    private struct Box {
        static let text = "73,18,135,54"
        static func harp(_ step: Double) -> String {
            "\(Int((36 / step).rounded()) + 1),18,\(step),\(Int((62 / step).rounded()) + 1),73,\(step)"
        }
    }

    func run() async throws {
        let folder = try TemporaryFolder()
        // HARP knows products by their names only.
        let named = folder.file("oco2_LtCO2_210301_B11014Ar_210401000000s.nc4")
        let target = URL(filePath: file).standardizedFileURL
        try FileManager.default.createSymbolicLink(at: named, withDestinationURL: target)
        for (method, step) in [("polygon", 0.1), ("polygon", 0.05), ("centre", 0.1)] {
            for withKernels in [false, true] where step == 0.1 || !withKernels {
                for round in 1...(withKernels ? 1 : 3) {
                    try await ours(method, step, round, folder, withKernels)
                    try await harp(method, step, round, named.path, folder, withKernels)
                }
            }
        }
    }

    private func ours(
        _ method: String,
        _ step: Double,
        _ round: Int,
        _ folder: TemporaryFolder,
        _ withKernels: Bool
    ) async throws {
        var arguments = [
            "grid", file, "--box", Box.text, "--step", "\(step)", "--method", method, "--output",
            folder.file("ours.nc").path,
        ]
        if !withKernels { arguments.append("--no-kernels") }
        let label = "crosswind \(method) \(step) \(content(withKernels)) round \(round)"
        try await report(label, Places.crosswind.path, arguments)
    }

    private func harp(
        _ method: String,
        _ step: Double,
        _ round: Int,
        _ input: String,
        _ folder: TemporaryFolder,
        _ withKernels: Bool
    ) async throws {
        let place = method == "polygon" ? "latitude_bounds,longitude_bounds" : "latitude,longitude"
        let column = "CO2_column_volume_mixing_ratio_dry_air"
        var kept = [place, column, "\(column)_uncertainty"]
        if withKernels {
            kept += [
                "CO2_column_volume_mixing_ratio_dry_avk", "CO2_volume_mixing_ratio_dry_air_apriori",
                "pressure",
            ]
        }
        let operations =
            "validity==0;keep(\(kept.joined(separator: ",")));bin_spatial(\(Box.harp(step)))"
        let output = folder.file("harp.nc").path
        let label = "harpconvert \(method) \(step) \(content(withKernels)) round \(round)"
        try await report(label, "harpconvert", ["-a", operations, input, output])
    }

    private func content(_ withKernels: Bool) -> String { withKernels ? "with kernels" : "columns only" }

    /// Wall and processor seconds and the largest memory, as GNU time gives them.
    private func report(_ label: String, _ program: String, _ arguments: [String]) async throws {
        let format = ["-f", "%e s wall, %U + %S s processor, %M KiB", program]
        let run = try await ProgramRun.run(URL(filePath: "/usr/bin/time"), format + arguments)
        let figures = run.standardError.split(separator: "\n").last ?? ""
        print(label, figures, run.status == 0 ? "" : "status \(run.status)")
    }
}
