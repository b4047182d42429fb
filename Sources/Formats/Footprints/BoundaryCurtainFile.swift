public import NetCDF
public import Quantities

/// Mole fractions of the air that enters the domain, by side, over one period.
public struct BoundaryCurtain: Equatable, Sendable {
    /// Start of the period that the values stand for.
    public let time: Instant
    /// ppm.
    public let north: BoundarySide
    public let east: BoundarySide
    public let south: BoundarySide
    public let west: BoundarySide

    public var faces: [BoundarySide] { [north, east, south, west] }
}

/// Boundary conditions of openghg: `vmr_n`, `vmr_e`, `vmr_s`, `vmr_w` over height, the side and time.
public enum BoundaryCurtainFile {
    /// Reads all times.
    ///
    /// - Throws: ``NetCDFError``, also for missing values and units that are no mole fraction.
    @NetCDFThread
    public static func read(_ path: String) throws(NetCDFError) -> [BoundaryCurtain] {
        let file = try NetCDFFile(reading: path)
        let heights = try file.doubles("height")
        let latitudes = try file.axis(["lat", "latitude"])
        let longitudes = try file.axis(["lon", "longitude"])
        let times = try file.instants(try file.doubles("time"), of: "time")
        var sides: [[BoundarySide]] = []
        for side in ["n", "e", "s", "w"] {
            let isMeridian = side == "e" || side == "w"
            let degrees = isMeridian ? latitudes : longitudes
            sides.append(try faces("vmr_" + side, isMeridian, degrees, heights, times.count, file))
        }
        return times.indices.map {
            BoundaryCurtain(
                time: times[$0],
                north: sides[0][$0],
                east: sides[1][$0],
                south: sides[2][$0],
                west: sides[3][$0]
            )
        }
    }

    @NetCDFThread
    private static func faces(
        _ variable: String,
        _ isMeridian: Bool,
        _ degrees: [Double],
        _ heights: [Double],
        _ times: Int,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [BoundarySide] {
        let names = try file.dimensionNames(of: variable)
        let side = names.first { $0.hasPrefix(isMeridian ? "lat" : "lon") } ?? ""
        let slabs = try SlabReader(file, variable, along: "time", order: ["height", side])
        guard slabs.count == times, slabs.slabCount == heights.count * degrees.count else {
            throw file.unexpected("does not fit its axes", variable)
        }
        let factor = try partsPerMillion(variable, file)
        // As with the grids of footprints: ascending, whatever the file has.
        let order = degrees.indices.sorted { degrees[$0] < degrees[$1] }
        var faces: [BoundarySide] = []
        for time in 0..<times {
            let values = try slabs.slab(time, file)
            let sorted = heights.indices.flatMap { level in
                order.map { values[level * degrees.count + $0] * factor }
            }
            guard sorted.allSatisfy(\.isFinite) else {
                throw file.unexpected("time \(time) has missing values", variable)
            }
            faces.append(
                BoundarySide(degrees: order.map { degrees[$0] }, heightsMetres: heights, values: sorted)
            )
        }
        return faces
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
