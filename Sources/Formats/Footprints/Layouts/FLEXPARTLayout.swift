import Geo
import NetCDF
import Quantities
import Transport

/// `grid_time_*.nc` of FLEXPART run backward: `specNNN_mr(nageclass, pointspec, time, height, latitude, longitude)`.
///
/// Values are averages over the output interval that the stamp ends; backward in time, so that the stamp is where the
/// interval begins on the clock. Of the heights the lowest counts, the layer that fluxes enter.
struct FLEXPARTLayout: FootprintLayout {
    let head: FootprintHead
    private let slabs: SlabReader
    private let factor: Double
    private let emissions: [Period]
    /// Arrays of a slab: age classes x times.
    private let ages: Int

    init(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        let variable = try Self.variable(file)
        let cells = try FootprintCells(file, latitude: "latitude", longitude: "longitude")
        let names = try file.dimensionNames(of: variable)
        let shape = try file.shape(of: variable)
        slabs = try SlabReader(
            file,
            variable,
            along: "pointspec",
            order: (names.contains("nageclass") ? ["nageclass"] : []) + ["time", "latitude", "longitude"],
            fixed: ["height": 0]
        )
        ages = names.firstIndex(of: "nageclass").map { shape[$0] } ?? 1
        factor = try Self.factor(variable, file)
        let emissions = try Self.emissions(file)
        self.emissions = emissions
        let receptors = try FLEXPARTReleases.read(file, count: slabs.count)
        head = FootprintHead(
            kind: .flexpart,
            source: file.text("source") ?? "FLEXPART",
            cells: cells,
            receptors: receptors,
            isResolved: true,
            warnings: try Self.warnings(variable, file)
        )
    }

    static func isSpecies(_ name: String) -> Bool {
        name.hasPrefix("spec") && name.hasSuffix("_mr")
            && name.dropFirst(4).dropLast(3).allSatisfy(\.isNumber)
    }

    private static func variable(_ file: borrowing NetCDFFile) throws(NetCDFError) -> String {
        guard let name = try file.variableNames().first(where: isSpecies) else {
            throw NetCDFError(.absent("no variable `spec001_mr`"), path: file.path)
        }
        guard let direction = file.number("ldirect"), direction == -1 else {
            throw NetCDFError(
                .unfit("the run is not one backward in time (ldirect)", remedy: "give a run with LDIRECT=-1"),
                path: file.path,
                variable: name
            )
        }
        return name
    }

    private static func warnings(
        _ variable: String,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [String] {
        let species = try file.variableNames().filter(isSpecies)
        return species.count > 1 ? ["\(species.count) species; \(variable) alone is read"] : []
    }

    private static func factor(_ variable: String, _ file: borrowing NetCDFFile) throws(NetCDFError) -> Double
    {
        let spelling = file.text("units", of: variable) ?? ""
        guard FootprintUnit.isFLEXPART(spelling) else {
            throw NetCDFError(
                .unfit(
                    "unit `\(spelling)` needs the density of the air to become a footprint",
                    remedy: "run FLEXPART with IND_SOURCE=1 and IND_RECEPTOR=2, whose unit is s m3 kg-1"
                ),
                path: file.path,
                variable: variable
            )
        }
        guard let top = try file.doubles("height").first, top > 0, top < 1e5 else {
            throw file.unexpected("the lowest layer has no height", "height")
        }
        return FootprintUnit.factorFLEXPART(layerMetres: top)
    }

    private static func emissions(_ file: borrowing NetCDFFile) throws(NetCDFError) -> [Period] {
        let stamps = try file.instants(try file.doubles("time"), of: "time")
        let step = abs(file.number("loutaver") ?? file.number("loutstep") ?? 0)
        guard step > 0 else { throw file.unexpected("no averaging time (loutaver)", "time") }
        var periods: [Period] = []
        for stamp in stamps {
            guard let period = stamp.period(seconds: step) else {
                throw file.unexpected("a layer lies at no time", "time")
            }
            periods.append(period)
        }
        return periods
    }

    func read(
        _ index: Int,
        resolved: Bool,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> ReadFootprint {
        let values = try slabs.slab(index, file)
        guard values.count == ages * emissions.count * head.cells.count else {
            throw file.unexpected("\(values.count) values for \(emissions.count) times", slabs.variable)
        }
        var layers: [FootprintLayer] = []
        var missing = 0
        for (time, emission) in emissions.enumerated() {
            var classes: [FootprintLayer] = []
            for age in 0..<ages {
                let slot = age * emissions.count + time
                let read = head.cells.layer(values, slot: slot, factor: factor, emission: emission)
                classes.append(read.layer)
                missing += read.missing
            }
            let sum = classes.count == 1 ? classes[0] : STILTLayout.sum(classes)
            layers.append(FootprintLayer(emission: emission, cells: sum.cells, values: sum.values))
        }
        guard missing < values.count else {
            throw file.missingFootprint(head.receptors[index], slabs.variable)
        }
        if !resolved { layers = [STILTLayout.sum(layers)] }
        return ReadFootprint(footprint: footprint(index, layers: layers), missing: missing)
    }
}

/// `RELCOM`, `RELLNG1`... of `grid_time` files: what was released where and when.
enum FLEXPARTReleases {
    @NetCDFThread
    static func read(_ file: borrowing NetCDFFile, count: Int) throws(NetCDFError) -> [FootprintReceptor] {
        let names = (try? file.texts("RELCOM"))?.map(\.trimmed) ?? []
        let longitudes = try mean("RELLNG1", "RELLNG2", file)
        let latitudes = try mean("RELLAT1", "RELLAT2", file)
        let heights = try mean("RELZZ1", "RELZZ2", file)
        let (starts, ends) = (try file.doubles("RELSTART"), try file.doubles("RELEND"))
        let start = try simulationStart(file)
        let counts = [longitudes.count, latitudes.count, heights.count, starts.count, ends.count]
        guard counts.allSatisfy({ $0 >= count }) else {
            throw file.unexpected("\(count) footprints and \(counts.min() ?? 0) releases", "RELSTART")
        }
        var receptors: [FootprintReceptor] = []
        for index in 0..<count {
            let (first, last) = (min(starts[index], ends[index]), max(starts[index], ends[index]))
            guard first.isFinite, last.isFinite, let time = start.later(bySeconds: first) else {
                throw file.unexpected("release \(index) has no time", "RELSTART")
            }
            let name = index < names.count && !names[index].isEmpty ? names[index] : "release \(index + 1)"
            receptors.append(
                FootprintReceptor(
                    name: name,
                    time: time,
                    averagingSeconds: last - first,
                    place: ReceptorPoint.checked(
                        longitude: longitudes[index],
                        latitude: latitudes[index],
                        heightMetres: heights[index]
                    )
                )
            )
        }
        return receptors
    }

    @NetCDFThread
    private static func mean(
        _ first: String,
        _ second: String,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [Double] {
        zip(try file.doubles(first), try file.doubles(second)).map { ($0 + $1) / 2 }
    }

    /// Releases count from where the run starts, which backward is its end on the clock: `iedate`, `ietime`. The origin
    /// of the time axis is the same.
    @NetCDFThread
    private static func simulationStart(_ file: borrowing NetCDFFile) throws(NetCDFError) -> Instant {
        let date =
            file.text("iedate") ?? file.number("iedate").flatMap { Int(exactly: $0) }.map { "\($0)" } ?? ""
        let clock =
            file.text("ietime") ?? file.number("ietime").flatMap { Int(exactly: $0) }.map { "\($0)" } ?? ""
        let padded = String(repeating: "0", count: max(0, 6 - clock.trimmed.count)) + clock.trimmed
        if let start = STILTIdentifier.moment(date.trimmed + padded.prefix(4)) { return start }
        return try file.instants([0], of: "time")[0]
    }
}
