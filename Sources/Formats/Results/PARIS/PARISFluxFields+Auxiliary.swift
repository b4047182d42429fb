import Geo
import NetCDF

extension PARISFluxFields {
    /// Names of countries and sectors, the cells of countries, and areas.
    var auxiliary: [PARISVariable] {
        let names = map.countries.names.map { CountryCode.code(ofName: $0) ?? $0 }
        let others = PARISFluxFile.namesOfNoCountry(map)
        var attributes: [(String, NetCDFAttribute)] = [("long_name", "country_ISO_3166_1_alpha3")]
        if !others.isEmpty {
            let comment =
                "no country of ISO 3166-1: \(others.joined(separator: ", ")); others have alpha-3 codes"
            attributes = [("long_name", "country_or_region_name"), ("comment", .text(comment))]
        }
        let country = PARISVariable("country", .string, ["country"], attributes, .texts(names))
        return [country, countryFraction, cellArea] + (sectors.isEmpty ? [] : [sectorNames])
    }

    private var countryFraction: PARISVariable {
        let grid = map.grid
        var cells = [[Int]](repeating: [], count: map.countries.names.count)
        for (cell, country) in map.countries.index.enumerated() where country >= 0 {
            cells[Int(country)].append(cell)
        }
        return .float(
            "country_fraction",
            ["country", "latitude", "longitude"],
            unit: "1",
            longName: "fraction of grid cell associated to country",
            more: [("standard_name", "area_fraction")],
            .slabs(count: cells.count, shape: [grid.rows, grid.columns]) { [cells] country in
                var fractions = [Double](repeating: 0, count: grid.cellCount)
                for cell in cells[country] { fractions[cell] = 1 }
                return fractions
            }
        )
    }

    private var cellArea: PARISVariable {
        let grid = map.grid
        let areas = (0..<grid.rows).flatMap { row in
            [Double](repeating: grid.cellAreaSquareMetres(row: row), count: grid.columns)
        }
        return .float(
            "cell_area",
            ["latitude", "longitude"],
            unit: "m2",
            longName: "surface area of grid cell",
            more: [("standard_name", "cell_area")],
            .whole(areas)
        )
    }

    private var sectorNames: PARISVariable {
        let comment = sectors.map { "\($0.key): \($0.name)" }.joined(separator: "; ")
        return PARISVariable(
            "sector",
            .string,
            ["sector"],
            [("long_name", "short name of flux sector"), ("comment", .text(comment))],
            .texts(sectors.map(\.key))
        )
    }
}
