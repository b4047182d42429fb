import Geo
import Gridding
import NetCDF
import Observations
import Quantities

extension Level3Definition {
    /// What the layout stores where there is no value.
    private static let obs4MIPsFill = 1e20

    /// The variables of the GHG-CCI and C3S merged Level 3 products: mole fractions in mol/mol as floats, profiles
    /// on pressures relative to the surface from the top downwards.
    ///
    /// - Precondition: the grid is one of longitude and latitude, which is all that the layout knows.
    init(obs4MIPs product: Level3Product) {
        guard let grid = product.common.grid.longitudeLatitude else {
            preconditionFailure("projected grid in the layout of Obs4MIPs")
        }
        var dimensions = [
            ("time", product.windows.count), ("lat", grid.rows), ("lon", grid.columns), ("bnds", 2),
        ]
        var coordinates =
            product.timeCoordinates(units: "days since 1990-01-01 00:00:00") { $0 / 86_400 - 7305 }
            + product.axisCoordinates(grid.latitude, "lat", "latitude")
            + product.axisCoordinates(grid.longitude, "lon", "longitude")
        coordinates.append(product.gridMapping)
        var vertical: [(String, NetCDFAttribute)] = []
        if product.hasProfiles {
            let pressures = product.pressureCoordinates
            dimensions.append(("pressure", product.common.levels))
            coordinates += pressures
            vertical = product.verticalAttributes(pressures[0].values, units: "hPa")
        }
        self.dimensions = dimensions.map { (name: $0.0, length: $0.1) }
        self.coordinates = coordinates
        fields = product.obs4MIPsFields(fill: Self.obs4MIPsFill)
        attributes = product.globalAttributes + vertical + product.obs4MIPsAttributes
    }
}

extension Level3Product {
    fileprivate var obs4MIPsAttributes: [(String, NetCDFAttribute)] {
        let frequency: String? =
            switch common.plan.window {
            case .day: "day"
            case .month: "mon"
            case .year: "yr"
            case .eightDays, .season, .all: nil
            }
        return [("variable_id", .text(columnName)), ("realm", "atmos"), ("product", "observations")]
            + (frequency.map { [("frequency", .text($0))] } ?? [])
    }

    fileprivate func obs4MIPsFields(fill: Double) -> [Level3Field] {
        let name = columnName
        let scale: [(String, NetCDFAttribute)] = [
            ("standard_name", .text(standardName)), ("cell_methods", "area: time: mean"),
            ("ancillary_variables", .text("\(name)_stderr \(name)_stddev \(name)_nobs")),
            ("calibration_scale", .text(common.scale.rawValue)),
            ("coverage_content_type", "physicalMeasurement"),
        ]
        let error: [(String, NetCDFAttribute)] = [
            ("standard_name", .text("\(standardName) standard_error")),
            ("coverage_content_type", "qualityInformation"),
        ]
        let scatter: [(String, NetCDFAttribute)] = [
            ("standard_name", .text(standardName)), ("cell_methods", "area: time: standard_deviation"),
            ("coverage_content_type", "qualityInformation"),
        ]
        let number: [(String, NetCDFAttribute)] = [
            ("standard_name", "number_of_observations"),
            ("coverage_content_type", "auxiliaryInformation"),
        ]
        let fields = [
            relative(name, "column-average dry-air mole fraction", scale, fill) { $0.means },
            relative("\(name)_stderr", "standard error of the mean", error, fill) { $0.standardErrors },
            relative("\(name)_stddev", "standard deviation of the soundings, without weights", scatter, fill)
            {
                $0.standardDeviations
            },
            relative("\(name)_nobs", "number of soundings", number, fill, factor: 1) {
                $0.counts.map(Double.init)
            },
        ]
        return hasProfiles ? fields + obs4MIPsProfiles(fill: fill) : fields
    }

    private func obs4MIPsProfiles(fill: Double) -> [Level3Field] {
        let kind: [(String, NetCDFAttribute)] = [
            ("coordinates", "pre"), ("coverage_content_type", "auxiliaryInformation"),
        ]
        let priorName: [(String, NetCDFAttribute)] = [("standard_name", .text(profileName))]
        let gas = common.gas.rawValue
        return [
            relative(
                "column_averaging_kernel",
                "column averaging kernel",
                kind,
                fill,
                factor: 1,
                isProfile: true
            ) {
                $0.averagingKernels
            },
            relative(
                "vmr_profile_\(gas)_apriori",
                "prior mole fraction profile",
                kind + priorName,
                fill,
                isProfile: true
            ) {
                $0.priorProfiles
            },
        ]
    }

    private func relative(
        _ name: String,
        _ longName: String,
        _ attributes: [(String, NetCDFAttribute)],
        _ fill: Double,
        factor: Double = 1e-6,
        isProfile: Bool = false,
        _ values: @escaping @Sendable (GriddedColumns) -> [Double]
    ) -> Level3Field {
        let common: [(String, NetCDFAttribute)] = [
            ("long_name", .text(longName)), ("units", "1"), ("_FillValue", .float(Float(fill))),
            ("grid_mapping", "crs"),
        ]
        let variable = Level3Variable(
            name: name,
            type: .float,
            dimensions: isProfile ? ["time", "pressure", "lat", "lon"] : ["time", "lat", "lon"],
            attributes: common + attributes
        )
        return Level3Field(
            variable: variable,
            depth: isProfile ? self.common.levels : 1,
            empty: fill,
            factor: factor,
            values: values
        )
    }

    /// Pressures of the elements of a profile, hPa, and the same over surface pressure with bounds; means of all
    /// cells. The layers of levels are bounded where the sums of the pressure weights stand, so that their thickness
    /// is the weight.
    fileprivate var pressureCoordinates: [Level3Coordinate] {
        let pressures = meanProfile(common.pressureCount) { $0.pressures }
        let surface = pressures[common.pressureCount - 1]
        let isLayers = common.profileSupport == .layers
        let edges = isLayers ? pressures.map { $0 / surface } : weightEdges
        let elements = (0..<common.levels).map { level in
            isLayers ? (pressures[level] + pressures[level + 1]) / 2 : pressures[level]
        }
        let relative = elements.map { $0 / surface }
        let bounds = (0..<common.levels).flatMap { [edges[$0], edges[$0 + 1]] }
        // The layout calls the variable and its dimension by different names; CF wants one of the dimension's name.
        return [
            vertical(
                "pressure",
                "mean pressure of the element of the profile",
                [("standard_name", "air_pressure"), ("units", "hPa"), ("axis", "Z")],
                elements
            ),
            vertical(
                "pre",
                "pressure over surface pressure",
                [("units", "1"), ("bounds", "pre_bnds")],
                relative
            ),
            boundsCoordinate("pre", dimension: "pressure", bounds),
        ]
    }

    private func vertical(
        _ name: String,
        _ longName: String,
        _ attributes: [(String, NetCDFAttribute)],
        _ values: [Double]
    ) -> Level3Coordinate {
        let common: [(String, NetCDFAttribute)] = [
            ("long_name", .text(longName)), ("positive", "down"), ("coverage_content_type", "coordinate"),
        ]
        let variable = Level3Variable(
            name: name,
            type: .double,
            dimensions: ["pressure"],
            attributes: common + attributes
        )
        return Level3Coordinate(variable: variable, values: values)
    }

    private var weightEdges: [Double] {
        meanProfile(common.levels) { $0.pressureWeights }.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
    }

    private func meanProfile(_ depth: Int, _ values: (GriddedColumns) -> [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: depth)
        var cells = 0
        for window in windows {
            cells += window.cells.count
            for (index, value) in values(window).enumerated() { sums[index % depth] += value }
        }
        return sums.map { $0 / Double(max(1, cells)) }
    }
}
