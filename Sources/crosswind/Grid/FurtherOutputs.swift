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
            guard !text.isEmpty, !taken.contains(place.path) else {
                throw UsageError.badValue(name, text, expected: "a file of its own", verb: options.verb)
            }
            taken.append(place.path)
            return try OutputPath(text, inputs: inputs).path
        }
        table = try path("csv")
        raster = try path("geotiff")
        maps = try path("maps")
        page = options.text("page")
        guard let page else { return }
        guard !page.isEmpty, !taken.contains(URL(filePath: page).standardizedFileURL.path),
            OutputProbe.kind(page) != .file
        else {
            throw UsageError.badValue("page", page, expected: "a folder", verb: options.verb)
        }
        for language in ["en", "zh"] {
            let text = Self.pageFile(page, language)
            guard !taken.contains(URL(filePath: text).standardizedFileURL.path) else {
                throw UsageError.badValue("page", page, expected: "free of other outputs", verb: options.verb)
            }
            _ = try OutputPath(text, inputs: inputs)
        }
    }

    private static func pageFile(_ folder: String, _ language: String) -> String {
        "\(folder)/soundings-\(language).html"
    }

    var all: [String] { files + [page].compactMap(\.self) }

    /// All but the page, which is a folder.
    var files: [String] { [table, raster, maps].compactMap(\.self) }

    func write(_ product: Level3Product, gridName: LocalizedName, regions: RegionSet?) async throws
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

    private func write(
        _ product: Level3Product,
        _ gridName: LocalizedName,
        _ regions: RegionSet?,
        _ folder: String
    )
        throws
    {
        try OutputProbe.create(folder)
        let report = report(product, gridName, regions)
        for (language, own, other) in [(Language.english, "en", "zh"), (.chinese, "zh", "en")] {
            let text = SatellitePage.render(
                report,
                language: language,
                otherLanguage: "soundings-\(other).html"
            )
            try writeText(text, to: Self.pageFile(folder, own))
        }
    }

    private func report(_ product: Level3Product, _ gridName: LocalizedName, _ regions: RegionSet?)
        -> SatelliteReport
    {
        let windows = product.windows
        let column = "X\(windows[0].gas.formula)"
        let products = windows[0].products.joined(separator: ", ")
        let provenance = product.provenance
        return SatelliteReport(
            title: LocalizedName(
                english: "\(column) of \(products) on \(gridName.english)",
                chinese: "\(products)的\(column)（网格：\(gridName.chinese)）"
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
