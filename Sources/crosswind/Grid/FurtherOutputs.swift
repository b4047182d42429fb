import Formats
import Foundation
import Geo
import Gridding
import Pipeline
import Quantities
import Report

/// What `crosswind grid` writes besides the Level 3 file.
struct FurtherOutputs: Sendable {
    let table: String?
    let raster: String?
    let maps: String?
    let page: String?

    /// - Parameter inputs: files that no output may replace.
    init(_ options: Options, output: String, inputs: [String]) throws {
        var taken = [URL(filePath: output).standardizedFileURL.path]
        func path(_ name: String) throws -> String? {
            guard let text = options.text(name) else { return nil }
            let place = URL(filePath: text).standardizedFileURL
            guard !taken.contains(place.path) else {
                throw UsageError.badValue(name, text, expected: "a file of its own", verb: options.verb)
            }
            taken.append(place.path)
            let folder = place.deletingLastPathComponent().path
            guard FileManager.default.fileExists(atPath: folder) else {
                throw OutputError(path: text, reason: "the folder does not exist")
            }
            return try OutputPath(text, inputs: inputs).path
        }
        table = try path("csv")
        raster = try path("geotiff")
        maps = try path("maps")
        page = options.text("page")
        guard let page else { return }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: page, isDirectory: &isFolder), !isFolder.boolValue {
            throw UsageError.badValue("page", page, expected: "a folder", verb: options.verb)
        }
    }

    var all: [String] { [table, raster, maps, page].compactMap(\.self) }

    func write(_ product: Level3Product, gridName: String, regions: RegionSet?) async throws
        -> [KrigingSummary]
    {
        if let table { try Level3Table.write(product, to: table) }
        if let raster { try Level3Raster.write(product, to: raster) }
        if let page { try write(product, gridName, regions, page) }
        guard let maps else { return [] }
        var filled: [GapFilledMap?] = []
        var enhancements: [EnhancementMap?] = []
        for (index, window) in product.windows.enumerated() {
            // A window with too few cells has no variogram; its maps stay empty.
            filled.append(try? await GapFilledMap(of: product.windows, at: index))
            enhancements.append(try? await EnhancementMap(of: window))
        }
        try await DerivedMapsWriter.write(product, filled: filled, enhancements: enhancements, to: maps)
        return filled.compactMap { $0.map { KrigingSummary($0) } }
    }

    private func write(_ product: Level3Product, _ gridName: String, _ regions: RegionSet?, _ folder: String)
        throws
    {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let report = report(product, gridName, regions)
        for (language, own, other) in [(Language.english, "en", "zh"), (.chinese, "zh", "en")] {
            let text = SatellitePage.render(
                report,
                language: language,
                otherLanguage: "soundings-\(other).html"
            )
            try writeText(text, to: "\(folder)/soundings-\(own).html")
        }
    }

    private func report(_ product: Level3Product, _ gridName: String, _ regions: RegionSet?)
        -> SatelliteReport
    {
        let windows = product.windows
        let column = "X\(windows[0].gas.rawValue.uppercased())"
        let products = windows[0].products.joined(separator: ", ")
        let provenance = product.provenance
        return SatelliteReport(
            title: LocalizedName(
                english: "\(column) of \(products) on \(gridName)",
                chinese: "\(products)的\(column)（网格：\(gridName)）"
            ),
            windows: windows,
            tally: product.tally,
            files: provenance.inputs.map { SatelliteReport.File(name: $0.name, sha256: $0.sha256) },
            regions: regions.map { SatelliteRegions($0, on: windows[0].grid) },
            products: product.shares,
            provenance: Provenance(
                software: provenance.software,
                command: provenance.command,
                configuration: provenance.configuration,
                inputs: [],
                environment: []
            )
        )
    }
}
