import Foundation
import NetCDF
import Transport

/// The fields of one time of a wrfout file on the middles of its cells.
///
/// Winds stay along the columns and rows of the grid, as WRF has them.
struct WRFState: Equatable, Sendable {
    /// Of WRF itself, so that heights and terrain fit each other, m s-2.
    static let gravity = 9.81
    /// Gas constant over heat capacity of dry air in WRF.
    static let kappa = 2.0 / 7.0

    private let levels: Int
    private var fields: [String: [Double]] = [:]

    private static let aloft = ["T", "P", "PB", "QVAPOR"]
    private static let ground = ["PSFC", "HGT"]
    private static let optional = ["T2", "U10", "V10", "PBLH", "UST", "HFX", "ZNT"]

    @NetCDFThread
    init(_ file: WRFFile, _ time: Int, _ subset: GridSubset) throws(MeteorologyError) {
        levels = file.levels
        do throws(NetCDFError) {
            let source = try NetCDFFile(reading: file.path)
            let block = WRFBlock(
                time: time,
                rows: subset.rows,
                columns: subset.columns[0],
                levels: file.levels
            )
            for name in Self.aloft { fields[name] = try block.values(name, source) }
            let width = block.columns.count
            fields["V"] = Self.rowMeans(try block.values("V", source, along: 1), block.rows.count, width)
            let cells = block.rows.count * width
            fields["U"] = Self.columnMeans(try block.values("U", source, across: 1), width)
            for name in ["PH", "PHB", "W"] {
                fields[name] = Self.levelMeans(try block.values(name, source, up: 1), cells)
            }
            for name in Self.ground { fields[name] = try block.surface(name, source) }
            for name in Self.optional where source.hasVariable(name) {
                fields[name] = try block.surface(name, source)
            }
        } catch { throw .netCDF(error) }
    }

    /// Means of neighbours along rows that are one longer than the cells.
    private static func columnMeans(_ values: [Double], _ width: Int) -> [Double] {
        (0..<(values.count / (width + 1) * width)).map { index in
            let from = index / width * (width + 1) + index % width
            return (values[from] + values[from + 1]) / 2
        }
    }

    /// Means of neighbours along columns that are one longer than the cells.
    private static func rowMeans(_ values: [Double], _ rows: Int, _ width: Int) -> [Double] {
        (0..<(values.count / ((rows + 1) * width) * rows * width)).map { index in
            let from = index / (rows * width) * (rows + 1) * width + index % (rows * width)
            return (values[from] + values[from + width]) / 2
        }
    }

    private static func levelMeans(_ values: [Double], _ cells: Int) -> [Double] {
        (0..<max(0, values.count - cells)).map { (values[$0] + values[$0 + cells]) / 2 }
    }

    // MARK: - Quantities

    private func field(_ name: String) -> [Double] { fields[name] ?? [] }
    private func floats(_ name: String) -> [Float] { field(name).map { Float($0) } }

    func levelFields() -> LevelFields {
        var result = LevelFields(kind: .terrainFollowing, levels: levels)
        let pressure = zip(field("P"), field("PB")).map { $0 + $1 }
        result.pressurePascal = pressure.map { Float($0) }
        // Perturbations are those from 300 K.
        result.temperatureKelvin = zip(field("T"), pressure).map { theta, pressure in
            Float((theta + 300) * pow(pressure / 100_000, Self.kappa))
        }
        result.altitudeMetres = zip(field("PH"), field("PHB")).map { Float(($0 + $1) / Self.gravity) }
        result.alongColumns = floats("U")
        result.alongRows = floats("V")
        result.upward = floats("W")
        // WRF gives vapour for each kilogram of dry air.
        result.specificHumidity = field("QVAPOR").map { Float(max(0, $0) / (1 + max(0, $0))) }
        return result
    }

    func surface() -> SurfaceFields {
        var surface = SurfaceFields()
        surface.pressurePascal = floats("PSFC")
        surface.terrainMetres = floats("HGT")
        surface.temperatureKelvin = floats("T2")
        surface.alongColumns = floats("U10")
        surface.alongRows = floats("V10")
        surface.boundaryLayerMetres = floats("PBLH")
        surface.frictionVelocity = floats("UST")
        surface.sensibleHeatFlux = floats("HFX")
        surface.roughnessMetres = floats("ZNT")
        return surface
    }
}

/// The part of the variables of a wrfout file at one time.
struct WRFBlock {
    let time: Int
    let rows: Range<Int>
    let columns: Range<Int>
    let levels: Int

    /// A variable on levels, one longer along the sides between whose cells it stands.
    @NetCDFThread
    func values(
        _ name: String,
        _ file: borrowing NetCDFFile,
        up: Int = 0,
        along: Int = 0,
        across: Int = 0
    ) throws(NetCDFError) -> [Double] {
        try file.doubles(
            name,
            start: [time, 0, rows.lowerBound, columns.lowerBound],
            shape: [1, levels + up, rows.count + along, columns.count + across]
        )
    }

    @NetCDFThread
    func surface(_ name: String, _ file: borrowing NetCDFFile) throws(NetCDFError) -> [Double] {
        try file.doubles(
            name,
            start: [time, rows.lowerBound, columns.lowerBound],
            shape: [1, rows.count, columns.count]
        )
    }
}
