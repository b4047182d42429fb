import Concurrent
import Formats
import Foundation
import Geo
import Inventory
import Pipeline
import Quantities

/// The use of `crosswind inventory` with a catalogue of point sources: by region, and as a grid.
struct PointInventory: Sendable {
    static let options: [OptionSpecification] = [
        .value("points", "FILE", "point sources (CSV: ID, longitude, latitude, co2_emis_ty, ...)"),
        .value("gas", "NAME", "of the points: co2 (default), ch4, n2o or co"),
        .value("overrides", "FILE", "regions of points that are known better (CSV: id, region)"),
        .value("reach", "KILOMETRES", "how far a point may lie from the edge of its region (60)"),
        .value("profiles", "FOLDER", "tables of the profiles that the points name; those lacking are told"),
    ]

    /// With those that other uses have too.
    static let ownOptions: [OptionSpecification] =
        options + InventoryRegrid.gridOptions
        + (InventoryFile.options.filter { ["regions", "year"].contains($0.name) })

    let catalogue: String
    let gas: Gas
    let regions: String?
    let overrides: String?
    let reachMetres: Double
    let profiles: String?
    let grid: GridChoice?
    let year: Int?

    init(_ options: Options) throws {
        catalogue = try options.required("points")
        gas = try GridSettings.choice("gas", options) ?? .co2
        regions = options.text("regions")
        overrides = options.text("overrides")
        if regions == nil, let name = ["overrides", "reach"].first(where: { options.isSet($0) }) {
            throw UsageError.lacks(name, needs: "regions", verb: options.verb)
        }
        let kilometres = try options.number("reach") ?? RegionFinder.standardReachMetres / 1000
        guard (0...1000).contains(kilometres) else {
            throw UsageError.badValue("reach", "\(kilometres)", expected: "0 to 1000 km", verb: options.verb)
        }
        reachMetres = 1000 * kilometres
        profiles = options.text("profiles")
        try options.refuse(["box", "step"], beside: "grid")
        let hasGrid = ["grid", "box", "step"].contains { options.isSet($0) }
        grid = hasGrid ? try GridChoice(options) : nil
        year = try options.integer("year")
        if hasGrid {
            let verb = options.verb
            guard let year else { throw UsageError.missingOption("year", verb: verb) }
            guard (1900...2200).contains(year) else {
                throw UsageError.badValue("year", "\(year)", expected: "from 1900 to 2200", verb: verb)
            }
            guard options.isSet("output") else { throw UsageError.missingOption("output", verb: verb) }
        } else if year != nil {
            throw UsageError.lacks("year", needs: "grid", verb: options.verb)
        }
        guard regions != nil || hasGrid else {
            throw UsageError.operands(expected: "--regions, or a grid, beside --points", verb: options.verb)
        }
    }

    private var inputs: [String] { [catalogue, regions, overrides].compactMap(\.self) }

    func run(_ output: InventoryOutput) async throws {
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(catalogue)
        let summary = try await onOwnThread(named: "points") { try told() }
        heartbeat.doneReading()
        var further: [String] = []
        if let folder = output.folder, let points = summary.gridded {
            try await write(points.flux, folder)
            further = [Self.fileName]
        }
        var results = InventoryResults(
            name: "points",
            tables: summary.tables,
            text: { summary.text($0) },
            json: { try JSONSummary.text(summary.object($0)) }
        )
        results.further = further
        try results.tell(output, inputs: inputs)
    }

    static let fileName = "points.nc"

    private func told() throws -> PointSummary {
        let sources = try PointCatalogueFile.read(catalogue)
        guard sources.isEmpty || sources.contains(where: { $0.tonnesPerYear[gas] != nil }) else {
            throw TableError(
                file: catalogue,
                line: 1,
                column: "\(gas.rawValue)_emis_ty",
                reason: "no such column"
            )
        }
        guard !sources.isEmpty else {
            throw TableError(file: catalogue, reason: "the table has no points")
        }
        let set = try regions.map { file in try RegionFile.read(file) }
        let codes = try set.flatMap { set in
            try overrides.map { try PointOverridesFile.read($0, sources: sources, regions: set) }
        }
        let found = set.map {
            PointRegions(
                sources,
                gas: gas,
                finder: RegionFinder($0, reachMetres: reachMetres),
                overrides: codes ?? [:]
            )
        }
        return PointSummary(
            catalogue: catalogue,
            gas: gas,
            sources: sources,
            set: set,
            regions: found,
            overridden: Set((codes ?? [:]).keys),
            reachMetres: reachMetres,
            unresolvedProfiles: try profiles.map { try PointProfiles(folder: $0).unresolved(sources) },
            gridName: grid?.name,
            gridded: gridded(sources)
        )
    }

    private func gridded(_ sources: [PointSource]) -> GriddedPoints? {
        guard let grid, let year else { return nil }
        let period = Period(
            start: Instant(CivilTime(year: year, month: 1, day: 1)),
            end: Instant(CivilTime(year: year + 1, month: 1, day: 1))
        )
        let name = URL(filePath: catalogue).lastPathComponent
        return GriddedPoints(sources, gas: gas, on: grid.grid, period: period, source: name)
    }

    private func write(_ flux: RegriddedFlux, _ folder: String) async throws {
        let (catalogue, inputs) = (catalogue, inputs)
        let path = try OutputPath("\(folder)/\(Self.fileName)", inputs: inputs).path
        try OutputProbe.create(folder)
        PartialFiles.removeStale(of: path)
        let configuration = "grid=\(grid?.name ?? "") gas=\(gas.rawValue) year=\(year.map(String.init) ?? "")"
        let provenance = try await onOwnThread(named: "digests") {
            try FileProvenance.ofInventory([catalogue], "points", configuration)
        }
        var conversion = FluxConversion()
        conversion.unit = "t year-1 per source"
        conversion.categories = ["point sources"]
        try await RegriddedFile.write([flux], to: path, conversion: conversion, provenance: provenance)
    }
}
