import CPROJ
import Foundation

/// Asks the library about a coordinate reference system.
struct SystemReader: ~Copyable {
    private let context: ProjectionContext
    private let definition: String

    init(context: consuming ProjectionContext, definition: String) {
        self.context = context
        self.definition = definition
    }

    func system() throws(PROJError) -> ProjectionObject {
        // A PROJ string means an operation unless it says that it means a system.
        let isString = definition.contains("+proj=") && !definition.contains("+type=crs")
        let text = isString ? definition + " +type=crs" : definition
        guard let object = ProjectionObject(proj_create(context.pointer, text)) else {
            throw .unknown(definition, reason: context.reason)
        }
        let type = proj_get_type(object.pointer)
        guard type != PJ_TYPE_PROJECTED_CRS else { return object }
        if type == PJ_TYPE_BOUND_CRS,
            let base = ProjectionObject(proj_get_source_crs(context.pointer, object.pointer)),
            proj_get_type(base.pointer) == PJ_TYPE_PROJECTED_CRS
        {
            return base
        }
        throw .notProjected(definition, kind: Self.kind(type))
    }

    private static func kind(_ type: PJ_TYPE) -> String {
        switch type {
        case PJ_TYPE_GEOGRAPHIC_2D_CRS, PJ_TYPE_GEOGRAPHIC_3D_CRS: "a system of longitude and latitude"
        case PJ_TYPE_GEOCENTRIC_CRS: "a geocentric system"
        case PJ_TYPE_VERTICAL_CRS: "a system of heights"
        case PJ_TYPE_COMPOUND_CRS: "a compound system"
        case PJ_TYPE_CONVERSION, PJ_TYPE_TRANSFORMATION, PJ_TYPE_CONCATENATED_OPERATION,
            PJ_TYPE_OTHER_COORDINATE_OPERATION:
            "an operation"
        case PJ_TYPE_ELLIPSOID, PJ_TYPE_PRIME_MERIDIAN: "a part of one"
        default: "another object"
        }
    }

    /// The way that is best where the system is meant to be used; what it gives must not hang on which files of shifts
    /// happen to be installed, so that a way for want of a better one is none.
    func operation(to system: borrowing ProjectionObject) throws(PROJError) -> String {
        if let best = bestOperation(to: system, allowsBallpark: false) { return try steps(best) }
        // No transformation is registered from WGS 84 to such as CGCS2000, which is the same within centimetres. Taking
        // coordinates as they are is right for datums of the centre of the Earth alone.
        guard isGeocentric(system), let best = bestOperation(to: system, allowsBallpark: true) else {
            throw .unrelatedDatum(definition)
        }
        return try steps(best)
    }

    private func bestOperation(
        to system: borrowing ProjectionObject,
        allowsBallpark: Bool
    ) -> ProjectionObject? {
        guard let factory = proj_create_operation_factory_context(context.pointer, nil),
            let source = ProjectionObject(proj_create(context.pointer, "EPSG:4326"))
        else { return nil }
        defer { proj_operation_factory_context_destroy(factory) }
        let pointer = context.pointer
        proj_operation_factory_context_set_allow_ballpark_transformations(
            pointer,
            factory,
            allowsBallpark ? 1 : 0
        )
        proj_operation_factory_context_set_grid_availability_use(
            pointer,
            factory,
            PROJ_GRID_AVAILABILITY_IGNORED
        )
        proj_operation_factory_context_set_spatial_criterion(
            pointer,
            factory,
            PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION
        )
        guard let list = proj_create_operations(pointer, source.pointer, system.pointer, factory) else {
            return nil
        }
        defer { proj_list_destroy(list) }
        guard proj_list_get_count(list) > 0 else { return nil }
        return ProjectionObject(proj_list_get(pointer, list, 0))
    }

    private func steps(_ operation: borrowing ProjectionObject) throws(PROJError) -> String {
        if proj_coordoperation_is_instantiable(context.pointer, operation.pointer) == 0 {
            throw .missingGrid(definition, file: missingFile(operation))
        }
        guard
            let east = ProjectionObject(
                proj_normalize_for_visualization(context.pointer, operation.pointer)
            ),
            let steps = proj_as_proj_string(context.pointer, east.pointer, PJ_PROJ_5, nil)
        else { throw .noTransformation(definition) }
        return String(cString: steps)
    }

    private func missingFile(_ operation: borrowing ProjectionObject) -> String {
        for index in 0..<proj_coordoperation_get_grid_used_count(context.pointer, operation.pointer) {
            var name: UnsafePointer<CChar>?
            var isAvailable: Int32 = 0
            let isKnown = proj_coordoperation_get_grid_used(
                context.pointer,
                operation.pointer,
                index,
                &name,
                nil,
                nil,
                nil,
                nil,
                nil,
                &isAvailable
            )
            if isKnown != 0, isAvailable == 0 { return text(name) }
        }
        return "unknown"
    }

    /// Whether the ellipsoid is that of WGS 84 within a metre, as it is of all datums at the centre of the Earth.
    private func isGeocentric(_ system: borrowing ProjectionObject) -> Bool {
        let (axis, flattening) = ellipsoid(system)
        return abs(axis - 6_378_137) <= 1 && abs(flattening - 298.257) < 0.01
    }

    func ellipsoid(_ system: borrowing ProjectionObject) -> (axis: Double, inverseFlattening: Double) {
        var (axis, flattening) = (Double.nan, Double.nan)
        if let ellipsoid = ProjectionObject(proj_get_ellipsoid(context.pointer, system.pointer)) {
            proj_ellipsoid_get_parameters(
                context.pointer,
                ellipsoid.pointer,
                &axis,
                nil,
                nil,
                &flattening
            )
        }
        return (axis, flattening == 0 ? .infinity : flattening)
    }

    /// Both axes in metres, and not turned round: a pole has its own names of directions.
    func requireMetres(_ system: borrowing ProjectionObject) throws(PROJError) {
        var axes: [(direction: String, unit: String, factor: Double)] = []
        if let plane = ProjectionObject(proj_crs_get_coordinate_system(context.pointer, system.pointer)) {
            for index in 0..<proj_cs_get_axis_count(context.pointer, plane.pointer) {
                var (direction, unit): (UnsafePointer<CChar>?, UnsafePointer<CChar>?)
                var factor = 0.0
                proj_cs_get_axis_info(
                    context.pointer,
                    plane.pointer,
                    index,
                    nil,
                    nil,
                    &direction,
                    &factor,
                    &unit,
                    nil,
                    nil
                )
                axes.append((text(direction), text(unit), factor))
            }
        }
        let directions = axes.map { $0.direction }
        let known = [["east", "north"], ["north", "east"], ["south", "south"], ["north", "north"]]
        guard known.contains(directions), axes.allSatisfy({ $0.factor == 1 }) else {
            let words = axes.map { "\($0.unit) \($0.direction)" }.joined(separator: " and ")
            throw .otherAxes(definition, axes: words)
        }
    }

    func identifier(_ system: borrowing ProjectionObject) -> String {
        guard let name = proj_get_id_auth_name(system.pointer, 0),
            let code = proj_get_id_code(system.pointer, 0)
        else { return "" }
        return "\(text(name)):\(text(code))"
    }

    func wellKnownText(_ system: borrowing ProjectionObject) -> String {
        withOption("MULTILINE=NO") { options in
            text(proj_as_wkt(context.pointer, system.pointer, PJ_WKT2_2019, options))
        }
    }

    func baseIdentifier(_ system: borrowing ProjectionObject, _ operation: String) -> String {
        if let base = ProjectionObject(proj_crs_get_geodetic_crs(context.pointer, system.pointer)) {
            let registered = identifier(base)
            guard registered.isEmpty else { return registered }
        }
        // A PROJ string names the datum alone. The plain steps from WGS 84 on its own ellipsoid are on WGS 84.
        let steps = operation.components(separatedBy: "+step").count - 1
        return steps == 2 && operation.contains("+ellps=WGS84") ? "EPSG:4326" : ""
    }

    private func withOption(_ option: String, _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> String)
        -> String
    {
        option.withCString { option in
            let options: [UnsafePointer<CChar>?] = [option, nil]
            return options.withUnsafeBufferPointer { list in list.baseAddress.map(body) ?? "" }
        }
    }

    func conversion(_ system: borrowing ProjectionObject) -> (
        Int, String, [ProjectedSystem.Parameter]
    ) {
        guard
            let conversion = ProjectionObject(
                proj_crs_get_coordoperation(context.pointer, system.pointer)
            )
        else { return (0, "", []) }
        var (name, code): (UnsafePointer<CChar>?, UnsafePointer<CChar>?)
        proj_coordoperation_get_method_info(context.pointer, conversion.pointer, &name, nil, &code)
        let method = (Int(text(code)) ?? 0, text(name))
        let count = proj_coordoperation_get_param_count(context.pointer, conversion.pointer)
        return (method.0, method.1, (0..<max(0, count)).map { parameter($0, of: conversion) })
    }

    private func parameter(_ index: Int32, of conversion: borrowing ProjectionObject)
        -> ProjectedSystem.Parameter
    {
        var (name, code, category): (UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?)
        var (value, factor) = (0.0, 1.0)
        proj_coordoperation_get_param(
            context.pointer,
            conversion.pointer,
            index,
            &name,
            nil,
            &code,
            &value,
            nil,
            &factor,
            nil,
            nil,
            nil,
            &category
        )
        let radians = Double.pi / 180
        if text(category) == "angular" {
            // Degrees stay the digits that they are.
            if abs(factor - radians) > 1e-12 { value *= factor / radians }
        } else {
            value *= factor
        }
        return ProjectedSystem.Parameter(code: Int(text(code)) ?? 0, name: text(name), value: value)
    }

    func areaOfUse(_ system: borrowing ProjectionObject) -> (
        west: Double, south: Double, east: Double, north: Double
    )? {
        var (west, south, east, north) = (0.0, 0.0, 0.0, 0.0)
        let isKnown = proj_get_area_of_use(
            context.pointer,
            system.pointer,
            &west,
            &south,
            &east,
            &north,
            nil
        )
        // -1000 stands for what the registry does not say.
        guard isKnown != 0, min(west, south, east, north) > -1000 else { return nil }
        return (west, south, east, north)
    }

    func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
}
