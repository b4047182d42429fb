import Geo
import Inventory
import Inversion
import NetCDF
import Quantities

/// The optional part of a problem file that says where on a grid the elements of the state emit.
extension LinearProblemFile {
    static let fluxVariables = [
        "cell_longitude", "cell_latitude", "cell_flux", "cell_state", "cell_country", "country_name",
        "layer_bounds",
    ]

    /// More than there are provinces in any country; their covariance is a matrix.
    private static let mostCountries = 5000

    /// Nil for a file without any of the variables.
    ///
    /// - Throws: ``NetCDFError`` for a file with some of them only, or values that do not fit.
    @NetCDFThread
    static func fluxMap(states: Int, of file: borrowing NetCDFFile) throws(NetCDFError) -> FluxMap? {
        var present: [String] = []
        for name in fluxVariables where file.hasVariable(name) { present.append(name) }
        guard !present.isEmpty else { return nil }
        if let missing = fluxVariables.first(where: { !present.contains($0) }) {
            throw NetCDFError(.absent("needed beside `\(present[0])`"), path: file.path, variable: missing)
        }
        guard let gas = file.text("gas").flatMap(Gas.init) else {
            let known = Gas.allCases.map(\.rawValue).joined(separator: ", ")
            throw NetCDFError(.absent("no attribute `gas`, one of \(known)"), path: file.path)
        }
        try checkBackgroundUnit(file)
        let grid = try cellGrid(file)
        let countries = try indices("cell_country", [grid.rows, grid.columns], most: nil, file)
        let names = try file.strings("country_name")
        guard names.count <= mostCountries else {
            throw file.unexpected("has \(names.count) names; at most \(mostCountries)", "country_name")
        }
        try refuseDuplicates(names, "country_name", of: file)
        if let (first, second) = CountryCode.twins(names) {
            throw file.unexpected("`\(first)` and `\(second)` are one country", "country_name")
        }
        if let cell = countries.firstIndex(where: { Int($0) >= names.count }) {
            throw file.unexpected("country \(countries[cell]) has no name", "cell_country")
        }
        return FluxMap(
            gas: gas,
            grid: grid,
            layers: try layers(grid, states: states, file),
            countries: RegionMask(grid: grid, names: names, index: countries)
        )
    }

    /// A background is added to the observations for exchange files: a factor of a thousand between ppm and ppb would
    /// pass unseen.
    @NetCDFThread
    private static func checkBackgroundUnit(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        let observed = file.text("units", of: "observation_value") ?? ""
        guard file.hasVariable("background"), !observed.isEmpty,
            let unit = file.text("units", of: "background"), !unit.isEmpty, unit != observed
        else { return }
        guard let wanted = MoleFractionUnit(spelling: observed), MoleFractionUnit(spelling: unit) == wanted
        else {
            throw file.unexpected("unit is `\(unit)`, that of observation_value `\(observed)`", "background")
        }
    }

    /// An inflow or a bias has no place on a map of fluxes.
    @NetCDFThread
    private static func refuseOthers(
        _ elements: [Int32],
        states: Int,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) {
        guard file.hasVariable("state_kind") else { return }
        let kinds = try labels("state_kind", count: states, of: file)
        let isOther = kinds.map { StateElement.Kind(rawValue: $0)?.isEmission == false }
        guard let place = elements.firstIndex(where: { $0 >= 0 && isOther[Int($0)] }) else { return }
        let element = Int(elements[place])
        let reason = "value \(place) is \(element), which is a \(kinds[element]) and no emission"
        throw file.unexpected(reason, "cell_state")
    }

    @NetCDFThread
    private static func cellGrid(
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> LatitudeLongitudeGrid {
        let latitudes = try file.validDoubles("cell_latitude")
        let longitudes = try file.validDoubles("cell_longitude")
        guard let latitude = UniformAxis(centres: latitudes),
            let longitude = UniformAxis(centres: longitudes),
            let grid = LatitudeLongitudeGrid(latitude: latitude, longitude: longitude)
        else { throw file.unexpected("the axes are not equally spaced, ascending degrees", "cell_latitude") }
        return grid
    }

    @NetCDFThread
    private static func layers(
        _ grid: LatitudeLongitudeGrid,
        states: Int,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [FluxMap.Layer] {
        let unit = file.text("units", of: "cell_flux") ?? ""
        guard ["mol m-2 s-1", "mol/m2/s", "mol m^-2 s^-1"].contains(unit) else {
            throw file.unexpected("unit is `\(unit)`, expected `mol m-2 s-1`", "cell_flux")
        }
        guard let count = try file.shape(of: "cell_flux").first, count > 0 else {
            throw file.unexpected("has no layer", "cell_flux")
        }
        let shape = [count, grid.rows, grid.columns]
        let fluxes = try file.validDoubles("cell_flux", shape: shape)
        if let cell = fluxes.firstIndex(where: { !$0.isFinite }) {
            let (row, column) = (cell / grid.columns, cell % grid.columns)
            let place = "[\(row / grid.rows), \(row % grid.rows), \(column)]"
            throw file.unexpected("value \(place) is missing", "cell_flux\(place)")
        }
        let elements = try indices("cell_state", shape, most: states, file)
        try refuseOthers(elements, states: states, file)
        let bounds = try file.instants(
            try file.validDoubles("layer_bounds", shape: [count, 2]),
            of: "layer_bounds"
        )
        let sectors = file.hasVariable("layer_sector") ? try file.strings("layer_sector") : []
        guard sectors.isEmpty || sectors.count == count else {
            throw file.unexpected("has \(sectors.count) values where \(count) are needed", "layer_sector")
        }
        var layers: [FluxMap.Layer] = []
        for layer in 0..<count {
            let (start, end) = (bounds[2 * layer], bounds[2 * layer + 1])
            guard start < end else {
                throw file.unexpected("layer \(layer) ends before it starts", "layer_bounds")
            }
            let cells = (layer * grid.cellCount)..<((layer + 1) * grid.cellCount)
            layers.append(
                FluxMap.Layer(
                    sector: sectors.isEmpty ? "" : sectors[layer],
                    period: Period(start: start, end: end),
                    flux: Array(fluxes[cells]),
                    element: Array(elements[cells])
                )
            )
        }
        return layers
    }

    /// Whole numbers from 0; missing values and -1 stand for none.
    @NetCDFThread
    private static func indices(
        _ name: String,
        _ shape: [Int],
        most: Int?,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [Int32] {
        var result: [Int32] = []
        for (place, value) in try file.validDoubles(name, shape: shape).enumerated() {
            guard !value.isNaN else {
                result.append(-1)
                continue
            }
            guard let index = Int32(exactly: value), index >= -1, most.map({ Int(index) < $0 }) ?? true else {
                throw file.unexpected("value \(place) is \(value), which is no index", name)
            }
            result.append(index)
        }
        return result
    }

    /// What ``fluxMap(states:of:)`` reads.
    @NetCDFThread
    static func define(_ map: FluxMap, in writer: inout NetCDFWriter) throws(NetCDFError) {
        try writer.setAttribute("gas", .text(map.gas.rawValue))
        try writer.defineDimension("layer", length: map.layers.count)
        try writer.defineDimension("cell_latitude", length: map.grid.rows)
        try writer.defineDimension("cell_longitude", length: map.grid.columns)
        try writer.defineDimension("country", length: map.countries.names.count)
        try writer.defineVariable("country_name", .string, dimensions: ["country"], attributes: [])
        if !map.sectors.isEmpty {
            try writer.defineVariable("layer_sector", .string, dimensions: ["layer"], attributes: [])
        }
        for column in columns(map) { try column.define(in: &writer) }
    }

    @NetCDFThread
    static func write(_ map: FluxMap, to writer: inout NetCDFWriter) throws(NetCDFError) {
        try writer.write(map.countries.names, to: "country_name")
        if !map.sectors.isEmpty { try writer.write(map.layers.map(\.sector), to: "layer_sector") }
        for column in columns(map) { try writer.write(column.values, to: column.name) }
    }

    private static func columns(_ map: FluxMap) -> [Column] {
        let cells = ["cell_latitude", "cell_longitude"]
        let bounds = map.layers.flatMap {
            [$0.period.start.secondsSince1970, $0.period.end.secondsSince1970]
        }
        return [
            Column("cell_latitude", ["cell_latitude"], map.grid.latitude.centres, unit: "degrees_north"),
            Column("cell_longitude", ["cell_longitude"], map.grid.longitude.centres, unit: "degrees_east"),
            Column("cell_flux", ["layer"] + cells, map.layers.flatMap(\.flux), unit: "mol m-2 s-1"),
            Column("cell_state", ["layer"] + cells, map.layers.flatMap { $0.element.map(Double.init) }),
            Column("cell_country", cells, map.countries.index.map(Double.init)),
            Column("layer_bounds", ["layer", "bound"], bounds, unit: "seconds since 1970-01-01 00:00:00"),
        ]
    }
}
