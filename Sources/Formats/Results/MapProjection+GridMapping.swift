import Geo
import NetCDF

extension MapProjection {
    /// Attributes of a grid mapping variable (CF-1.8, 5.6 and appendix F): those of the projections that CF knows, and
    /// well-known text for all.
    var gridMappingAttributes: [(String, NetCDFAttribute)] {
        var attributes: [(String, NetCDFAttribute)] = [
            ("long_name", .text(title))
        ]
        if let known = conventional {
            attributes.append(("grid_mapping_name", .text(known.name)))
            attributes += known.attributes
        }
        attributes += [
            ("semi_major_axis", .double(semiMajorAxisMetres)),
            // Of a sphere, as CF has it, zero.
            ("inverse_flattening", .double(inverseFlattening.isFinite ? inverseFlattening : 0)),
            ("longitude_of_prime_meridian", 0.0), ("crs_wkt", .text(wellKnownText)),
            ("comment", .text("from WGS 84: \(steps)")), ("coverage_content_type", "referenceInformation"),
        ]
        return attributes
    }

    /// Nil for a projection that CF has no name for.
    private var conventional: (name: String, attributes: [(String, NetCDFAttribute)])? {
        switch methodCode {
        case 9807: ("transverse_mercator", central + scale("scale_factor_at_central_meridian") + falseOrigin)
        case 9801 where value(8805) == 1:
            ("lambert_conformal_conic", parallels([8801]) + central + falseOrigin)
        case 9802: ("lambert_conformal_conic", parallels([8823, 8824]) + falseCentre)
        case 9822: ("albers_conical_equal_area", parallels([8823, 8824]) + falseCentre)
        case 9820: ("lambert_azimuthal_equal_area", centre + falseOrigin)
        case 1125, 9832: ("azimuthal_equidistant", centre + falseOrigin)
        case 9840: ("orthographic", centre + falseOrigin)
        case 9810:
            (
                "polar_stereographic",
                pole(8801, longitude: 8802) + scale("scale_factor_at_projection_origin") + falseOrigin
            )
        case 9829: ("polar_stereographic", pole(8832, longitude: 8833) + parallels([8832]) + falseOrigin)
        case 9804:
            (
                "mercator",
                attribute("longitude_of_projection_origin", 8802) + scale("scale_factor_at_projection_origin")
                    + falseOrigin
            )
        case 9805:
            ("mercator", attribute("longitude_of_projection_origin", 8802) + parallels([8823]) + falseOrigin)
        case 9835:
            (
                "lambert_cylindrical_equal_area",
                attribute("longitude_of_central_meridian", 8802) + parallels([8823]) + falseOrigin
            )
        default: nil
        }
    }

    private func value(_ code: Int) -> Double? { parameters.first { $0.code == code }?.value }

    private func attribute(_ name: String, _ code: Int) -> [(String, NetCDFAttribute)] {
        value(code).map { [(name, .double($0))] } ?? []
    }

    private var central: [(String, NetCDFAttribute)] {
        attribute("longitude_of_central_meridian", 8802) + attribute("latitude_of_projection_origin", 8801)
    }

    private var centre: [(String, NetCDFAttribute)] {
        attribute("longitude_of_projection_origin", 8802) + attribute("latitude_of_projection_origin", 8801)
    }

    private func scale(_ name: String) -> [(String, NetCDFAttribute)] { attribute(name, 8805) }

    /// One number, or two where they differ.
    private func parallels(_ codes: [Int]) -> [(String, NetCDFAttribute)] {
        let values = codes.compactMap(value)
        guard let first = values.first else { return [] }
        let isOne = values.allSatisfy { $0 == first }
        return [("standard_parallel", isOne ? .double(first) : .doubles(values))]
    }

    private func pole(_ latitude: Int, longitude: Int) -> [(String, NetCDFAttribute)] {
        let side = (value(latitude) ?? 90) < 0 ? -90.0 : 90
        return attribute("straight_vertical_longitude_from_pole", longitude)
            + [("latitude_of_projection_origin", .double(side))]
    }

    private var falseOrigin: [(String, NetCDFAttribute)] {
        attribute("false_easting", 8806) + attribute("false_northing", 8807)
    }

    /// Of the projections with a false origin of its own place.
    private var falseCentre: [(String, NetCDFAttribute)] {
        attribute("longitude_of_central_meridian", 8822) + attribute("latitude_of_projection_origin", 8821)
            + attribute("false_easting", 8826) + attribute("false_northing", 8827)
    }
}
