import Geo
import NetCDF
import Quantities
import Transport

/// HDF5 of LUMIA and runflex: a group for each observation with `itims`, `ilats`, `ilons` and `sensi`.
///
/// `latitudes` and `longitudes` are centres where they are real numbers; where they are whole ones they count cells
/// from the corner `run_outlon0`, `run_outlat0`. Slot n of `itims` starts n steps of `run_loutstep` after `origin`.
struct LumiaLayout: FootprintLayout {
    let head: FootprintHead
    private let groups: [String]
    private let origin: Instant
    private let stepSeconds: Double

    init(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        let cells = try Self.cells(file)
        guard let origin = Self.instant(file.text("origin")) else {
            throw NetCDFError(.absent("no time `origin`"), path: file.path)
        }
        let step = abs(file.number("run_loutstep") ?? file.number("loutstep") ?? 0)
        guard step > 0, step <= 86_400 * 31 else {
            throw NetCDFError(.absent("no time step `run_loutstep`"), path: file.path)
        }
        (self.origin, stepSeconds) = (origin, step)
        var groups: [String] = []
        for group in try file.groupPaths() where !group.contains("/") {
            if file.hasVariable(group + "/sensi") { groups.append(group) }
        }
        groups.sort()
        var receptors: [FootprintReceptor] = []
        for group in groups { receptors.append(try Self.receptor(group, file)) }
        self.groups = groups
        head = FootprintHead(
            kind: .lumia,
            source: file.text("run_source") ?? "",
            cells: cells,
            receptors: receptors,
            isResolved: true
        )
    }

    private static func cells(_ file: borrowing NetCDFFile) throws(NetCDFError) -> FootprintCells {
        let isWhole = (try? file.integers("latitudes")) != nil
        guard isWhole else { return try FootprintCells(file, latitude: "latitudes", longitude: "longitudes") }
        let counts = (try file.shape(of: "latitudes").first ?? 0, try file.shape(of: "longitudes").first ?? 0)
        guard let south = file.number("run_outlat0"), let west = file.number("run_outlon0"),
            let dy = file.number("run_dyout"), let dx = file.number("run_dxout"),
            let latitude = UniformAxis(origin: south, step: dy, count: counts.0),
            let longitude = UniformAxis(origin: west, step: dx, count: counts.1),
            let grid = LatitudeLongitudeGrid(latitude: latitude, longitude: longitude)
        else { throw file.unexpected("indices, and no corner and step (`run_outlon0`...)", "latitudes") }
        return FootprintCells(.longitudeLatitude(grid))
    }

    private static func instant(_ text: String?) -> Instant? {
        text.flatMap { TimeCoordinate(units: "seconds since \($0)") }?.origin
    }

    private static func receptor(
        _ group: String,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> FootprintReceptor {
        let start = instant(file.text("release_start", ofGroup: group))
        let end = instant(file.text("release_end", ofGroup: group))
        guard let time = start ?? end ?? timeInName(group) else {
            throw NetCDFError(.absent("no time `release_start`"), path: file.path, variable: group)
        }
        func mean(_ name: String) -> Double? {
            let ends = ["1", "2"].compactMap { file.number("release_\(name)\($0)", ofGroup: group) }
            return ends.isEmpty ? nil : ends.reduce(0, +) / Double(ends.count)
        }
        return FootprintReceptor(
            name: group,
            time: time,
            averagingSeconds: max(0, end.map { $0.seconds(since: time) } ?? 0),
            place: ReceptorPoint.checked(
                longitude: mean("lon"),
                latitude: mean("lat"),
                heightMetres: mean("z")
            )
        )
    }

    /// `hun.115m.20181130-183000`.
    private static func timeInName(_ group: String) -> Instant? {
        let last = group.split(separator: ".").last ?? ""
        return STILTIdentifier.moment(String(last.filter(\.isNumber).prefix(12)))
    }

    func read(
        _ index: Int,
        resolved: Bool,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> ReadFootprint {
        let group = groups[index]
        let values = try file.doubles(group + "/sensi")
        let steps = try file.integers(group + "/itims")
        let rows = try file.integers(group + "/ilats")
        let columns = try file.integers(group + "/ilons")
        guard [steps.count, rows.count, columns.count].allSatisfy({ $0 == values.count }) else {
            throw file.unexpected("\(values.count) values do not go with their indices", group + "/sensi")
        }
        let factor = try factor(group, file)
        let last = lastStep(of: head.receptors[index])
        let placed = Self.places(head.cells)
        var byStep: [Int64: [(cell: Int32, value: Double)]] = [:]
        for entry in values.indices {
            guard let row = Int(exactly: rows[entry]), placed.rows.indices.contains(row),
                let column = Int(exactly: columns[entry]), placed.columns.indices.contains(column),
                values[entry].isFinite, abs(steps[entry]) < 1 << 32
            else { throw file.unexpected("element \(entry) lies outside the grid", group + "/ilats") }
            let cell = Int32(placed.rows[row] * placed.columns.count + placed.columns[column])
            byStep[min(steps[entry], last), default: []].append((cell, values[entry] * factor))
        }
        var layers: [FootprintLayer] = []
        for step in byStep.keys.sorted() {
            let start = origin.later(bySeconds: Double(step) * stepSeconds)
            guard let emission = start?.period(seconds: stepSeconds) else {
                throw file.unexpected("step \(step) lies at no time", group + "/itims")
            }
            layers.append(FootprintCells.layer(byStep[step] ?? [], emission: emission))
        }
        if !resolved || layers.isEmpty { layers = [STILTLayout.sum(layers)] }
        return ReadFootprint(footprint: footprint(index, layers: layers), missing: 0)
    }

    /// FLEXPART samples once before the first step, which puts something into the slot that begins at the end of the
    /// release; it belongs to the one before.
    private func lastStep(of receptor: FootprintReceptor) -> Int64 {
        let end = receptor.time.seconds(since: origin) + receptor.averagingSeconds
        let steps = (end / stepSeconds).rounded(.up) - 1
        return Int64(exactly: steps) ?? .max
    }

    private func factor(_ group: String, _ file: borrowing NetCDFFile) throws(NetCDFError) -> Double {
        let spelling = file.text("units", of: group + "/sensi") ?? file.text("species_units") ?? ""
        if FootprintUnit.isFLEXPART(spelling) { return FootprintUnit.factorFLEXPART(layerMetres: 100) }
        // Files of before 2022 hold s m2 mol-1 and say nothing.
        if spelling.isEmpty { return 1 }
        guard let factor = FootprintUnit.factor(spelling) else {
            throw file.unexpected("unit `\(spelling)` is not one of a footprint", group + "/sensi")
        }
        return factor
    }

    /// Row and column of the grid for each of the file.
    private static func places(_ cells: FootprintCells) -> (rows: [Int], columns: [Int]) {
        func inverted(_ order: [Int]) -> [Int] {
            var inverse = [Int](repeating: 0, count: order.count)
            for (ours, theirs) in order.enumerated() { inverse[theirs] = ours }
            return inverse
        }
        return (inverted(cells.fileRows), inverted(cells.fileColumns))
    }
}
