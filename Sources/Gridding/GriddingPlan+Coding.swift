import Geo

extension GriddingPlan {
    func write(to writer: inout ByteWriter) {
        let plane = grid.plane
        for axis in [plane.along, plane.across] {
            writer.write(axis.origin)
            writer.write(axis.step)
            writer.write(Int64(axis.count))
        }
        writer.write(method.rawValue)
        writer.write(weighting.rawValue)
        writer.write(window.rawValue)
        let traits = PlanTraits(self)
        writer.write(traits.rawValue)
        if let projection = grid.projected?.projection { writer.write(projection.steps) }
        for exponent in [response.along, response.across, response.joint] { writer.write(exponent) }
        writer.write(errorModel.sharedPartsPerMillion)
        writer.write(errorModel.noiseFactor)
        writer.write(errorModel.correlation == nil ? UInt8(0) : 1)
        guard let correlation = errorModel.correlation else { return }
        writer.write(correlation.partsPerMillion)
        writer.write(correlation.alongTrackKilometres)
        writer.write(correlation.acrossTrackFootprints)
        writer.write(correlation.variabilityPartsPerMillion)
    }

    /// - Parameter known: the grid that a projected one must be.
    init(from reader: inout ByteReader, on known: CellGrid?) throws(GriddingError) {
        let along = try Self.axis(&reader)
        let across = try Self.axis(&reader)
        let method = try reader.named(FootprintMethod.self)
        let weighting = try reader.named(SoundingWeighting.self)
        let window = try reader.named(TimeWindow.self)
        let traits = try PlanTraits(&reader)
        let grid =
            traits.contains(.projection)
            ? try Self.projectedGrid(along, across, steps: try reader.text(), known)
            : try Self.grid(along, across)
        let response = ResponseShape(try reader.double(), try reader.double(), try reader.double())
        guard let response else { throw .damagedSums("not a response") }
        self.init(
            grid: grid,
            method: method,
            weighting: weighting,
            errorModel: try Self.errorModel(&reader),
            window: window,
            withProfiles: traits.contains(.profiles),
            response: response
        )
    }

    private static func grid(_ latitude: UniformAxis, _ longitude: UniformAxis) throws(GriddingError)
        -> CellGrid
    {
        guard let grid = LatitudeLongitudeGrid(latitude: latitude, longitude: longitude),
            Double(grid.rows) * Double(grid.columns) <= 1e9
        else { throw .damagedSums("not a grid") }
        return .longitudeLatitude(grid)
    }

    /// A projection cannot be made from its steps here; sums of it are of use on the same grid alone.
    private static func projectedGrid(
        _ y: UniformAxis,
        _ x: UniformAxis,
        steps: String,
        _ known: CellGrid?
    ) throws(GriddingError) -> CellGrid {
        guard let known, let grid = known.projected, grid.projection.steps == steps, grid.x == x, grid.y == y
        else { throw .differentGrid }
        return known
    }

    private static func axis(_ reader: inout ByteReader) throws(GriddingError) -> UniformAxis {
        let (origin, step) = (try reader.double(), try reader.double())
        let number = try reader.integer(Int64.self)
        guard let count = Int(exactly: number), count <= 1_000_000_000,
            let axis = UniformAxis(origin: origin, step: step, count: count)
        else { throw .damagedSums("not an axis") }
        return axis
    }

    private static func truth(_ reader: inout ByteReader) throws(GriddingError) -> Bool {
        let byte = try reader.integer(UInt8.self)
        guard byte <= 1 else { throw .damagedSums("neither true nor false") }
        return byte == 1
    }

    private static func errorModel(_ reader: inout ByteReader) throws(GriddingError) -> ErrorModel {
        let (shared, factor) = (try reader.double(), try reader.double())
        var correlation: ErrorCorrelation?
        if try truth(&reader) {
            correlation = ErrorCorrelation(
                partsPerMillion: try reader.double(),
                alongTrackKilometres: try reader.double(),
                acrossTrackFootprints: try reader.double(),
                variabilityPartsPerMillion: try reader.double()
            )
            guard correlation != nil else { throw .damagedSums("not an error model") }
        }
        let model = ErrorModel(
            sharedPartsPerMillion: shared,
            noiseFactor: factor,
            correlation: correlation
        )
        guard let model else { throw .damagedSums("not an error model") }
        return model
    }
}

/// What a stored plan has; the first bit is as old as the format.
private struct PlanTraits: OptionSet {
    let rawValue: UInt8

    static let profiles = PlanTraits(rawValue: 1)
    static let projection = PlanTraits(rawValue: 2)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ plan: GriddingPlan) {
        self = plan.withProfiles ? .profiles : []
        if plan.grid.projected != nil { insert(.projection) }
    }

    init(_ reader: inout ByteReader) throws(GriddingError) {
        let byte = try reader.integer(UInt8.self)
        guard byte <= 3 else { throw .damagedSums("unknown traits of a plan") }
        rawValue = byte
    }
}
