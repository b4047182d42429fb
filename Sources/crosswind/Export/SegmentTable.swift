import Archive
import Geo
import Observations
import Quantities

/// The passages of vehicles through the cells of a grid. The readings of one vehicle at a time are held in memory.
enum SegmentTable {
    private struct Row<Value> {
        let name: SeriesName
        let value: Value
        let centre: (longitude: Double, latitude: Double)
    }

    private struct Pass {
        let mean: VehiclePassMean
        let scale: CalibrationScale?
    }

    /// In the order of vehicles, then of time; passes in the order of days and cells.
    static func write(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let settings = export.settings
        let grid = try grid(settings.cellDegrees)
        let cut = VehicleSegmentSettings(
            grid: grid,
            standstillSpeed: settings.standstillSpeed,
            usableFlags: settings.usableFlags
        )
        let drives = try drives(archive, export, cut)
        if settings.givesPasses {
            let writer = try export.writer(passColumns)
            for (name, segments) in drives {
                // Segments of one vehicle are on one scale, or there were none.
                let scale = segments.first { $0.used > 0 }?.scale
                for mean in VehiclePassMean.means(of: segments) {
                    let pass = Pass(mean: mean, scale: scale)
                    try writer.put(Row(name: name, value: pass, centre: grid.centre(mean.cell)))
                }
            }
            return try writer.finish()
        }
        let writer = try export.writer(segmentColumns(settings))
        for (name, segments) in drives {
            for segment in segments {
                try writer.put(Row(name: name, value: segment, centre: grid.centre(segment.cell)))
            }
        }
        return try writer.finish()
    }

    /// - Throws: ``ScaleMixture`` when vehicles measured a gas on several scales: their segments share a map.
    private static func drives(
        _ archive: borrowing ArchiveReader,
        _ export: ExportRun,
        _ cut: VehicleSegmentSettings
    ) throws -> [(name: SeriesName, segments: [VehicleSegment])] {
        var drives: [(name: SeriesName, segments: [VehicleSegment])] = []
        for name in try export.series(archive).map(SeriesName.init) {
            var query = export.query
            query.network = name.network
            query.stations = [name.station]
            query.instruments = [name.instrument]
            query.gas = name.gas
            var readings: [Reading] = []
            try export.supply.forEachReading(archive, query) {
                readings.append(try export.settings.computable($0.reading))
            }
            drives.append((name, try VehicleSegment.segments(of: readings, cut)))
        }
        for (gas, members) in Dictionary(grouping: drives, by: \.name.gas).sorted(by: {
            $0.key.rawValue < $1.key.rawValue
        }) {
            let scales = members.compactMap { name, segments in
                segments.first { $0.used > 0 }?.scale.map {
                    (name: "\(name.station)/\(name.instrument)", scale: $0)
                }
            }
            _ = try ScaleMixture.commonScale(of: scales, gas)
        }
        return drives
    }

    /// Square cells around the globe that do not depend on where the vehicles went.
    private static func grid(_ step: Double) throws -> LatitudeLongitudeGrid {
        let rows = (180 / step).rounded()
        guard rows >= 1, abs(rows * step - 180) < 1e-9 * 180, let count = Int(exactly: rows), count < 1 << 30,
            let latitude = UniformAxis(origin: -90, step: 180 / rows, count: count),
            let longitude = UniformAxis(origin: -180, step: 180 / rows, count: 2 * count),
            let grid = LatitudeLongitudeGrid(latitude: latitude, longitude: longitude)
        else { throw UnfitCell(degrees: step) }
        return grid
    }

    static var names: [String] { segmentColumns(ExportSettings()).map(\.name) }
    static var passNames: [String] { passColumns.map(\.name) }

    private static func placeColumns<Value>() -> [ExportColumn<Row<Value>>] {
        [
            ExportColumn("cell_longitude") { ExportCell($0.centre.longitude) },
            ExportColumn("cell_latitude") { ExportCell($0.centre.latitude) },
        ]
    }

    private static func segmentColumns(_ settings: ExportSettings) -> [ExportColumn<Row<VehicleSegment>>] {
        let times: [ExportColumn<Row<VehicleSegment>>] = [
            ExportColumn("start") { ExportCell($0.value.start) },
            ExportColumn("end") { ExportCell($0.value.end) },
        ]
        let values: [ExportColumn<Row<VehicleSegment>>] = [
            ExportColumn("mean_ppm") { ExportCell($0.value.meanPartsPerMillion) },
            ExportColumn("median_ppm") { ExportCell($0.value.medianPartsPerMillion) },
            ExportColumn("minimum_ppm") { ExportCell($0.value.minimumPartsPerMillion) },
            ExportColumn("maximum_ppm") { ExportCell($0.value.maximumPartsPerMillion) },
            ExportColumn("standard_deviation_ppm") { ExportCell($0.value.standardDeviationPartsPerMillion) },
            ExportColumn("standard_uncertainty_ppm") {
                ExportCell($0.value.standardUncertaintyPartsPerMillion)
            },
            ExportColumn("scale") { ExportCell($0.value.scale?.rawValue) },
            ExportColumn("used") { ExportCell($0.value.used) },
            ExportColumn("excluded") { ExportCell($0.value.excluded) },
            ExportColumn("seconds") { ExportCell($0.value.seconds) },
            ExportColumn("distance_m") { ExportCell($0.value.distanceMetres) },
            ExportColumn("mean_speed_m_s") { ExportCell($0.value.meanSpeed) },
            ExportColumn("standstill_share") { ExportCell($0.value.standstillShare) },
            ExportColumn("worst_flag") { .text(settings.text($0.value.worstFlag, $0.value.tests)) },
            ExportColumn("tests") { .integer(Int64($0.value.tests.rawValue)) },
            ExportColumn("test_names") { .words($0.value.tests.keys) },
        ]
        return times + SeriesName.columns.map { $0.of(\.name) } + placeColumns() + values
    }

    private static var passColumns: [ExportColumn<Row<Pass>>] {
        let day = [ExportColumn<Row<Pass>>("day") { ExportCell($0.value.mean.day.start) }]
        let values: [ExportColumn<Row<Pass>>] = [
            ExportColumn("mean_ppm") { ExportCell($0.value.mean.meanPartsPerMillion) },
            ExportColumn("standard_deviation_ppm") {
                ExportCell($0.value.mean.standardDeviationPartsPerMillion)
            },
            ExportColumn("standard_uncertainty_ppm") {
                ExportCell($0.value.mean.standardUncertaintyPartsPerMillion)
            },
            ExportColumn("scale") { ExportCell($0.value.scale?.rawValue) },
            ExportColumn("passes") { ExportCell($0.value.mean.passes) },
            ExportColumn("readings") { ExportCell($0.value.mean.readings) },
            ExportColumn("seconds") { ExportCell($0.value.mean.seconds) },
        ]
        return day + SeriesName.columns.map { $0.of(\.name) } + placeColumns() + values
    }
}

extension LatitudeLongitudeGrid {
    fileprivate func centre(_ cell: Int) -> (longitude: Double, latitude: Double) {
        (longitude.centre(cell % columns), latitude.centre(cell / columns))
    }
}

/// A size of cells that does not cover the globe evenly.
struct UnfitCell: Fault {
    let degrees: Double
    var exitStatus: ExitStatus { .usage }
    var what: String { "180 degrees are no whole number of cells of \(degrees)" }
    var place: String { "crosswind export --cell" }
    var remedy: String { "take e.g. 0.01 or 0.005" }
}
