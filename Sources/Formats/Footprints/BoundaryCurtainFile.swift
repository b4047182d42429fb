public import NetCDF
public import Quantities
public import Transport

/// Boundary conditions of openghg: `vmr_n`, `vmr_e`, `vmr_s`, `vmr_w` over height, the side and time.
public enum BoundaryCurtainFile {
    /// Reads all times, in ppm, rows northward and eastward and times ascending whatever the file has. Values that are
    /// missing, as over high ground, stay unknown.
    ///
    /// - Throws: ``NetCDFError``, also for a side without any value, units that are no mole fraction and a time that is
    ///   there twice.
    @NetCDFThread
    public static func read(_ path: String) throws(NetCDFError) -> BoundaryCurtain {
        let file = try NetCDFFile(reading: path)
        guard BoundaryFace.allCases.contains(where: { file.hasVariable(variable($0)) }) else {
            throw file.unexpected("no boundary conditions: neither vmr_n, vmr_e, vmr_s nor vmr_w", "")
        }
        let heights = try file.doubles("height")
        let latitudes = try file.axis(["lat", "latitude"])
        let longitudes = try file.axis(["lon", "longitude"])
        let times = try file.instants(try file.doubles("time"), of: "time")
        let order = times.indices.sorted { times[$0] < times[$1] }
        var faces: [BoundaryFace: BoundaryCurtain.Face] = [:]
        for side in BoundaryFace.allCases {
            let places = side.runsAlongLongitude ? longitudes : latitudes
            faces[side] = try face(side, Axes(heights: heights, places: places, times: order), file)
        }
        do throws(FootprintFault) {
            return try BoundaryCurtain(times: order.map { times[$0] }, faces: faces)
        } catch { throw file.unexpected(error.what, "time") }
    }

    private static func variable(_ side: BoundaryFace) -> String { "vmr_\(side.rawValue.prefix(1))" }

    /// The gas of the mole fractions; nil where the file does not say, or another than those known.
    @NetCDFThread
    public static func gas(_ path: String) throws(NetCDFError) -> Gas? {
        try NetCDFFile(reading: path).text("species").flatMap { Gas(rawValue: $0.trimmed.lowercased()) }
    }

    private struct Axes {
        let heights: [Double]
        let places: [Double]
        /// Numbers of the times of the file, ascending in time.
        let times: [Int]
    }

    @NetCDFThread
    private static func face(
        _ side: BoundaryFace,
        _ axes: Axes,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> BoundaryCurtain.Face {
        let variable = variable(side)
        let names = try file.dimensionNames(of: variable)
        let along = names.first { $0.hasPrefix(side.runsAlongLongitude ? "lon" : "lat") } ?? ""
        let slabs = try SlabReader(file, variable, along: "time", order: ["height", along])
        let (heights, places) = (axes.heights, axes.places)
        guard slabs.count == axes.times.count, slabs.slabCount == heights.count * places.count else {
            throw file.unexpected("does not fit its axes", variable)
        }
        let factor = try partsPerMillion(variable, file)
        let levels = heights.indices.sorted { heights[$0] < heights[$1] }
        let order = places.indices.sorted { places[$0] < places[$1] }
        var values: [Double] = []
        for time in axes.times {
            let slab = try slabs.slab(time, file)
            let sorted = levels.flatMap { level in order.map { slab[level * places.count + $0] * factor } }
            guard sorted.contains(where: \.isFinite) else {
                throw file.unexpected("time \(time) has no values", variable)
            }
            values += sorted.map { $0.isFinite ? $0 : .nan }
        }
        do throws(FootprintFault) {
            let cells = try BoundaryFaceCells(
                heightMetres: levels.map { heights[$0] },
                places: order.map { places[$0] }
            )
            return BoundaryCurtain.Face(cells: cells, partsPerMillion: values)
        } catch { throw file.unexpected(error.what, variable) }
    }

    /// openghg writes a number as the unit (`1e-09`), or none for mol/mol.
    @NetCDFThread
    private static func partsPerMillion(
        _ variable: String,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> Double {
        if let number = file.number("units", of: variable), number > 0, number <= 1 { return number * 1e6 }
        let spelling = file.text("units", of: variable)?.trimmed ?? ""
        if let number = Double(spelling), number > 0, number <= 1 { return number * 1e6 }
        if spelling.isEmpty { return 1e6 }
        guard let unit = MoleFractionUnit(spelling: spelling) else {
            throw file.unexpected("unit `\(spelling)` is not a mole fraction", variable)
        }
        return unit.partsPerMillionFactor
    }
}
