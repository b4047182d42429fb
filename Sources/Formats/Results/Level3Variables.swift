import Gridding
import NetCDF
import Quantities

/// A variable of a Level 3 file before it is written.
struct Level3Variable {
    let name: String
    let type: NetCDFType
    let dimensions: [String]
    let attributes: [(String, NetCDFAttribute)]
}

extension Level3File {
    static let fieldDimensions = ["time", "latitude", "longitude"]
    static let profileDimensions = ["time", "level", "latitude", "longitude"]

    /// `xco2`, `xch4`.
    var columnName: String { "x\(columns.gas.rawValue)" }

    private var standardName: String {
        switch columns.gas {
        case .co2: "dry_atmosphere_mole_fraction_of_carbon_dioxide"
        case .ch4: "dry_atmosphere_mole_fraction_of_methane"
        case .n2o: "dry_atmosphere_mole_fraction_of_nitrous_oxide"
        case .co: "dry_atmosphere_mole_fraction_of_carbon_monoxide"
        }
    }

    var coordinateVariables: [Level3Variable] {
        let time: [(String, NetCDFAttribute)] = [("calendar", "standard")]
        return [
            coordinate("time", axis: "T", units: "seconds since 1970-01-01 00:00:00", time),
            bounds(of: "time"),
            coordinate("latitude", axis: "Y", units: "degrees_north"),
            bounds(of: "latitude"),
            coordinate("longitude", axis: "X", units: "degrees_east"),
            bounds(of: "longitude"),
            level,
            gridMapping,
        ]
    }

    private var level: Level3Variable {
        Level3Variable(
            name: "level",
            type: .int32,
            dimensions: ["level"],
            attributes: [
                ("long_name", "number of the retrieval level, 1 at the top of the atmosphere"),
                ("units", "1"), ("axis", "Z"), ("positive", "down"),
            ]
        )
    }

    private var gridMapping: Level3Variable {
        Level3Variable(
            name: "crs",
            type: .int32,
            dimensions: [],
            attributes: [
                ("long_name", "WGS 84"), ("grid_mapping_name", "latitude_longitude"),
                ("longitude_of_prime_meridian", 0.0), ("semi_major_axis", 6_378_137.0),
                ("inverse_flattening", 298.257223563),
            ]
        )
    }

    private func coordinate(
        _ name: String,
        axis: String,
        units: String,
        _ attributes: [(String, NetCDFAttribute)] = []
    ) -> Level3Variable {
        let common: [(String, NetCDFAttribute)] = [
            ("standard_name", .text(name)), ("long_name", .text(name)), ("units", .text(units)),
            ("axis", .text(axis)), ("bounds", .text("\(name)_bnds")),
        ]
        return Level3Variable(name: name, type: .double, dimensions: [name], attributes: common + attributes)
    }

    /// Bounds take units and meaning from their coordinate (CF-1.8, 7.1).
    private func bounds(of name: String) -> Level3Variable {
        Level3Variable(name: "\(name)_bnds", type: .double, dimensions: [name, "bnds"], attributes: [])
    }

    var fieldVariables: [Level3Variable] {
        [meanField, errorField, scatterField, countField, weightField, priorField]
    }

    private var meanField: Level3Variable {
        let name = columnName
        return field(
            name,
            "weighted mean of the columns of the soundings whose centre is in the cell, in ppm",
            [
                ("standard_name", .text(standardName)), ("cell_methods", "area: time: mean"),
                ("ancillary_variables", .text("\(name)_standard_error \(name)_stddev \(name)_nobs weight")),
                ("calibration_scale", .text(columns.scale.rawValue)),
                ("coverage_content_type", "physicalMeasurement"),
            ]
        )
    }

    private var errorField: Level3Variable {
        field(
            "\(columnName)_standard_error",
            "standard error of the mean, with the error that soundings of a cell share, in ppm",
            [
                ("standard_name", .text("\(standardName) standard_error")), ("comment", .text(errorComment)),
                ("coverage_content_type", "qualityInformation"),
            ]
        )
    }

    private var scatterField: Level3Variable {
        field(
            "\(columnName)_stddev",
            "standard deviation of the soundings of the cell about their mean, in ppm",
            [
                ("standard_name", .text(standardName)), ("cell_methods", "area: time: standard_deviation"),
                ("coverage_content_type", "qualityInformation"),
            ]
        )
    }

    private var priorField: Level3Variable {
        field(
            "\(columnName)_prior",
            "weighted mean of the prior columns of the retrieval, in ppm",
            [
                ("standard_name", .text(standardName)), ("cell_methods", "area: time: mean"),
                ("coverage_content_type", "auxiliaryInformation"),
            ]
        )
    }

    private var countField: Level3Variable {
        Level3Variable(
            name: "\(columnName)_nobs",
            type: .int32,
            dimensions: Self.fieldDimensions,
            attributes: [
                ("long_name", "number of soundings used"), ("units", "1"), ("grid_mapping", "crs"),
                ("standard_name", "number_of_observations"),
                ("coverage_content_type", "auxiliaryInformation"),
            ]
        )
    }

    private var weightField: Level3Variable {
        let isInverse = columns.weighting == .inverseVariance
        return Level3Variable(
            name: "weight",
            type: .double,
            dimensions: Self.fieldDimensions,
            attributes: [
                (
                    "long_name",
                    isInverse ? "sum of 1 / variance of the soundings, in ppm-2" : "sum of equal weights"
                ),
                ("units", isInverse ? "1e12" : "1"), ("grid_mapping", "crs"),
                ("coverage_content_type", "auxiliaryInformation"),
            ]
        )
    }

    private var errorComment: String {
        let model = columns.errorModel
        return """
            error^2 = \(model.sharedPartsPerMillion)^2 ppm^2 + \(model.noiseFactor)^2 sum (w sigma)^2 / \
            (sum w)^2: a part that the soundings of a cell share and a part that averages out, in the form of \
            Kulawik et al. (2016), doi:10.5194/amt-9-683-2016
            """
    }

    /// A double for each cell in parts per million.
    private func field(
        _ name: String,
        _ longName: String,
        _ attributes: [(String, NetCDFAttribute)]
    ) -> Level3Variable {
        let common: [(String, NetCDFAttribute)] = [
            ("long_name", .text(longName)), ("units", "1e-6"),
            ("_FillValue", .double(Level3Writer.fill)), ("grid_mapping", "crs"),
        ]
        return Level3Variable(
            name: name,
            type: .double,
            dimensions: Self.fieldDimensions,
            attributes: common + attributes
        )
    }

    var profileVariables: [Level3Variable] {
        let operation = """
            a profile x on these levels is compared with \(columnName) as \(columnName)_prior + \
            sum(pressure_weight * averaging_kernel * (x - prior_profile)); this equals the weighted mean of \
            the operators of the soundings
            """
        return [
            profile(
                "averaging_kernel",
                "normalised column averaging kernel of the cell mean",
                units: "1",
                operation
            ),
            profile("pressure_weight", "pressure weight of the cell mean, sums to 1", units: "1", operation),
            profile("prior_profile", "prior profile as the kernel sees it, in ppm", units: "1e-6", operation),
            profile("pressure_levels", "weighted mean pressure of the levels", units: "hPa", nil),
        ]
    }

    private func profile(
        _ name: String,
        _ longName: String,
        units: String,
        _ comment: String?
    ) -> Level3Variable {
        var attributes: [(String, NetCDFAttribute)] = [
            ("long_name", .text(longName)), ("units", .text(units)),
            ("_FillValue", .float(Float(Level3Writer.fill))), ("grid_mapping", "crs"),
            ("coverage_content_type", "auxiliaryInformation"),
        ]
        if let comment { attributes.append(("comment", .text(comment))) }
        if name == "pressure_levels" { attributes.append(("standard_name", "air_pressure")) }
        return Level3Variable(
            name: name,
            type: .float,
            dimensions: Self.profileDimensions,
            attributes: attributes
        )
    }
}
