import Geo
import Gridding
import Quantities
import Report

/// What gridding says of regions, as a table and for `--json`.
struct GridRegions {
    let set: RegionSet
    let rows: [RegionRow]

    init(_ set: RegionSet, _ windows: [GriddedColumns]) {
        self.set = set
        guard let grid = windows.first?.grid else {
            rows = []
            return
        }
        let fractions = RegionFractions(set, on: grid)
        rows = windows.flatMap { window in
            window.regionMeans(fractions).map { RegionRow($0, set.regions[$0.region], window.window) }
        }
    }

    /// A line about the set and one for each region and window; those without data say so.
    var lines: [String] {
        var about = "regions         \(set.regions.count) of \(set.name.english)"
        if let approval = set.mapApproval { about += ", map approval \(approval)" }
        if !set.provenance.isEmpty { about += "; \(set.provenance)" }
        let hasWindows = rows.contains { $0.start != nil }
        let header =
            ["region"] + (hasWindows ? ["from"] : []) + ["ppm", "+-", "covered %", "cells", "by cell"]
        let table = AlignedTable.text(header: header, rows: rows.map { cells($0, hasWindows) })
        let note = "by cell: the soundings of the cells added up; one that touches several counts in each"
        return [about, ""] + table.split(separator: "\n").map(String.init) + [note]
    }

    private func cells(_ row: RegionRow, _ hasWindows: Bool) -> [String] {
        let start = row.start.map { String("\($0)".prefix(10)) } ?? ""
        return [row.name] + (hasWindows ? [start] : []) + [
            row.meanPPM.map { AlignedTable.fixed($0, 3) } ?? "no data",
            row.standardErrorPPM.map { AlignedTable.fixed($0, 3) } ?? "",
            AlignedTable.fixed(row.coveredShare * 100, 1), "\(row.cells)", "\(row.soundingsByCell)",
        ]
    }
}

/// One region in one window; the keys of `--json` stay as they are.
struct RegionRow: Encodable {
    let name: String
    let nameChinese: String
    /// Empty where the file has none.
    let code: String
    /// Absent where the window is all of time.
    let start: Instant?
    let end: Instant?
    /// Absent without data.
    let meanPPM: Double?
    let standardErrorPPM: Double?
    /// Of the area of the region, 0 to 1.
    let coveredShare: Double
    let cells: Int
    /// Of its cells added up: a sounding that touches several cells counts in each.
    let soundingsByCell: Int
    let areaSquareMetres: Double

    enum CodingKeys: String, CodingKey {
        case name, code, start, end, cells
        case soundingsByCell = "soundings_by_cell"
        case nameChinese = "name_zh"
        case meanPPM = "mean_ppm"
        case standardErrorPPM = "standard_error_ppm"
        case coveredShare = "covered_share"
        case areaSquareMetres = "area_m2"
    }

    init(_ mean: RegionMean, _ region: Region, _ window: Period?) {
        name = region.name.english
        nameChinese = region.name.chinese
        code = region.code
        start = window?.start
        end = window?.end
        meanPPM = mean.column?.mean
        standardErrorPPM = mean.column?.standardDeviation
        coveredShare = mean.coveredShare
        cells = mean.cells
        soundingsByCell = mean.soundingsByCell
        areaSquareMetres = region.areaSquareMetres
    }
}

extension SatelliteRegions {
    /// What the quality page outlines and counts.
    init(_ set: RegionSet, on grid: CellGrid) {
        let approval = set.mapApproval.map { (" (map approval \($0))", "（审图号：\($0)）") } ?? ("", "")
        let source = set.provenance.isEmpty ? set.name : LocalizedName(english: set.provenance)
        self.init(
            RegionFractions(set, on: grid),
            credit: LocalizedName(
                english: source.english + approval.0,
                chinese: source.chinese + approval.1
            )
        )
    }
}
