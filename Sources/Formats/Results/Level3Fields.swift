import Geo
import Gridding
import NetCDF
import Observations
import Quantities

extension Level3Definition {
    static let fill = 9.969209968386869e36

    /// Everything, in ppm.
    init(full product: Level3Product) {
        let grid = product.common.grid
        let names = product.horizontalDimensions
        places = grid.projected.map { Level3Places($0) }
        var dimensions = [
            ("time", product.windows.count), (names[0], grid.rows), (names[1], grid.columns), ("bnds", 2),
        ]
        if places != nil { dimensions.append((Level3Places.cornerDimension, 4)) }
        var coordinates =
            product.timeCoordinates(units: "seconds since 1970-01-01 00:00:00") { $0 }
            + product.horizontalCoordinates
        coordinates.append(product.gridMapping)
        if product.hasProfiles {
            dimensions.append(("level", product.common.levels))
            coordinates.append(product.levelCoordinate)
            if product.common.profileSupport == .layers {
                dimensions.append(("boundary", product.common.pressureCount))
                coordinates.append(product.boundaryCoordinate)
            }
        }
        self.dimensions = dimensions.map { (name: $0.0, length: $0.1) }
        self.coordinates = coordinates
        fields = (product.fullFields + (product.hasProfiles ? product.profileFields : []))
            .map(product.located)
        attributes =
            product.globalAttributes
            + (product.hasProfiles
                ? product.verticalAttributes(product.levelCoordinate.values, units: "1") : [])
    }
}

extension Level3Product {
    private var fieldDimensions: [String] { ["time"] + horizontalDimensions }

    fileprivate var levelCoordinate: Level3Coordinate {
        let element = common.profileSupport == .layers ? "layer" : "level"
        return verticalCoordinate("level", of: "retrieval \(element)", count: common.levels)
    }

    /// A vertical axis too: without it the dimension would stand between time and place as one of no direction.
    fileprivate var boundaryCoordinate: Level3Coordinate {
        verticalCoordinate("boundary", of: "boundary of the retrieval layers", count: common.pressureCount)
    }

    private func verticalCoordinate(_ name: String, of element: String, count: Int) -> Level3Coordinate {
        let variable = Level3Variable(
            name: name,
            type: .int32,
            dimensions: [name],
            attributes: [
                ("long_name", .text("number of the \(element), 1 at the top of the atmosphere")),
                ("units", "1"), ("axis", "Z"), ("positive", "down"), ("coverage_content_type", "coordinate"),
            ]
        )
        return Level3Coordinate(variable: variable, values: (0..<count).map { Double($0 + 1) })
    }

    fileprivate var fullFields: [Level3Field] {
        [meanField, errorField, scatterField, countField, effectiveCountField, weightField]
            + (knowsCoverage ? [coverageField] : []) + [priorField]
    }

    private var meanField: Level3Field {
        let name = columnName
        let ancillary = ["standard_error", "stddev", "nobs", "neff"].map { "\(name)_\($0)" }.joined(
            separator: " "
        )
        return columnField(
            name,
            "weighted mean of the columns of the soundings \(membership), in ppm",
            [
                ("standard_name", .text(standardName)), ("cell_methods", "area: time: mean"),
                ("ancillary_variables", .text("\(ancillary) weight\(knowsCoverage ? " coverage" : "")")),
                ("calibration_scale", .text(common.scale.rawValue)),
                ("coverage_content_type", "physicalMeasurement"),
            ]
        ) { $0.means }
    }

    private var errorField: Level3Field {
        columnField(
            "\(columnName)_standard_error",
            "standard error of the mean, with the errors that soundings of a cell share, in ppm",
            [
                ("standard_name", .text("\(standardName) standard_error")), ("comment", .text(errorComment)),
                ("coverage_content_type", "qualityInformation"),
            ]
        ) { $0.standardErrors }
    }

    private var scatterField: Level3Field {
        columnField(
            "\(columnName)_stddev",
            "standard deviation of the soundings of the cell about their mean, without weights, in ppm",
            [
                (
                    "comment",
                    "of the soundings about their plain mean, with n - 1, whatever the weights of the mean"
                ),
                ("standard_name", .text(standardName)), ("cell_methods", "area: time: standard_deviation"),
                ("coverage_content_type", "qualityInformation"),
            ]
        ) { $0.standardDeviations }
    }

    private var priorField: Level3Field {
        columnField(
            "\(columnName)_apriori",
            "weighted mean of the prior columns of the retrieval, in ppm",
            [
                ("standard_name", .text(standardName)), ("cell_methods", "area: time: mean"),
                ("coverage_content_type", "auxiliaryInformation"),
            ]
        ) { $0.priorColumns }
    }

    private var countField: Level3Field {
        let variable = Level3Variable(
            name: "\(columnName)_nobs",
            type: .int32,
            dimensions: fieldDimensions,
            attributes: [
                ("long_name", "number of soundings used"), ("units", "1"), ("grid_mapping", "crs"),
                ("standard_name", "number_of_observations"),
                ("coverage_content_type", "auxiliaryInformation"),
            ]
        )
        return Level3Field(variable: variable, empty: 0, emptyIsFill: false) { $0.counts.map(Double.init) }
    }

    private var effectiveCountField: Level3Field {
        plainField(
            "\(columnName)_neff",
            "effective number of soundings, (sum of weights)^2 / sum of squared weights",
            units: "1"
        ) { $0.effectiveCounts }
    }

    private var weightField: Level3Field {
        let name =
            switch common.weighting {
            case .inverseVariance: "sum of 1 / variance of the soundings, in ppm-2"
            case .equal: "sum of equal weights"
            case .area: "sum of the covered fractions of the cell"
            case .areaAndPrecision: "sum of covered fraction / variance of the soundings, in ppm-2"
            }
        let isPrecision = common.weighting == .inverseVariance || common.weighting == .areaAndPrecision
        return plainField("weight", name, units: isPrecision ? "1e12" : "1") { $0.weights }
    }

    private var coverageField: Level3Field {
        plainField(
            "coverage",
            "fraction of the cell that the footprints covered, overpasses taken as placed at random",
            units: "1"
        ) { $0.coverages }
    }

    /// A double for each cell in parts per million.
    private func columnField(
        _ name: String,
        _ longName: String,
        _ attributes: [(String, NetCDFAttribute)],
        _ values: @escaping @Sendable (GriddedColumns) -> [Double]
    ) -> Level3Field {
        let common: [(String, NetCDFAttribute)] = [
            ("long_name", .text(longName)), ("units", "1e-6"),
            ("_FillValue", .double(Level3Definition.fill)), ("grid_mapping", "crs"),
        ]
        let variable = Level3Variable(
            name: name,
            type: .double,
            dimensions: fieldDimensions,
            attributes: common + attributes
        )
        return Level3Field(variable: variable, empty: Level3Definition.fill, values: values)
    }

    private func plainField(
        _ name: String,
        _ longName: String,
        units: String,
        _ values: @escaping @Sendable (GriddedColumns) -> [Double]
    ) -> Level3Field {
        let variable = Level3Variable(
            name: name,
            type: .double,
            dimensions: fieldDimensions,
            attributes: [
                ("long_name", .text(longName)), ("units", .text(units)),
                ("_FillValue", .double(Level3Definition.fill)), ("grid_mapping", "crs"),
                ("coverage_content_type", "auxiliaryInformation"),
            ]
        )
        return Level3Field(variable: variable, empty: Level3Definition.fill, values: values)
    }
}

// MARK: - Profiles

extension Level3Product {
    fileprivate var profileFields: [Level3Field] {
        let operation = """
            a profile x on these levels is compared with \(columnName) as \(columnName)_apriori + \
            sum(pressure_weight * averaging_kernel * (x - prior_profile)); this equals the weighted mean of \
            the operators of the soundings
            """
        let pressures =
            common.profileSupport == .layers
            ? profile(
                "pressure_boundaries",
                "weighted mean pressure of the boundaries of the layers",
                units: "hPa",
                nil
            ) {
                $0.pressures
            }
            : profile("pressure_levels", "weighted mean pressure of the levels", units: "hPa", nil) {
                $0.pressures
            }
        return [
            profile(
                "averaging_kernel",
                "normalised column averaging kernel of the cell mean",
                units: "1",
                operation
            ) { $0.averagingKernels },
            profile("pressure_weight", "pressure weight of the cell mean, sums to 1", units: "1", operation) {
                $0.pressureWeights
            },
            profile("prior_profile", "prior profile as the kernel sees it, in ppm", units: "1e-6", operation)
            {
                $0.priorProfiles
            },
            pressures,
        ]
    }

    private func profile(
        _ name: String,
        _ longName: String,
        units: String,
        _ comment: String?,
        _ values: @escaping @Sendable (GriddedColumns) -> [Double]
    ) -> Level3Field {
        var attributes: [(String, NetCDFAttribute)] = [
            ("long_name", .text(longName)), ("units", .text(units)),
            ("_FillValue", .float(Float(Level3Definition.fill))), ("grid_mapping", "crs"),
            ("coverage_content_type", "auxiliaryInformation"),
        ]
        let isPressure = units == "hPa"
        if let comment { attributes.append(("comment", .text(comment))) }
        if isPressure { attributes.append(("standard_name", "air_pressure")) }
        if units == "1e-6" { attributes.append(("standard_name", .text(profileName))) }
        let isBoundary = isPressure && common.profileSupport == .layers
        let variable = Level3Variable(
            name: name,
            type: .float,
            dimensions: ["time", isBoundary ? "boundary" : "level"] + horizontalDimensions,
            attributes: attributes
        )
        let depth = isPressure ? common.pressureCount : common.levels
        return Level3Field(variable: variable, depth: depth, empty: Level3Definition.fill, values: values)
    }
}
