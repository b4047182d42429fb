import Geo

extension GriddingPlan {
    func write(to writer: inout ByteWriter) {
        for axis in [grid.latitude, grid.longitude] {
            writer.write(axis.origin)
            writer.write(axis.step)
            writer.write(Int64(axis.count))
        }
        writer.write(method.rawValue)
        writer.write(weighting.rawValue)
        writer.write(window.rawValue)
        writer.write(withProfiles ? UInt8(1) : 0)
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

    init(from reader: inout ByteReader) throws(GriddingError) {
        let latitude = try Self.axis(&reader)
        let longitude = try Self.axis(&reader)
        guard let grid = LatitudeLongitudeGrid(latitude: latitude, longitude: longitude),
            Double(grid.rows) * Double(grid.columns) <= 1e9
        else { throw .damagedSums("not a grid") }
        let method = try reader.named(FootprintMethod.self)
        let weighting = try reader.named(SoundingWeighting.self)
        let window = try reader.named(TimeWindow.self)
        let withProfiles = try Self.truth(&reader)
        let response = ResponseShape(try reader.double(), try reader.double(), try reader.double())
        guard let response else { throw .damagedSums("not a response") }
        self.init(
            grid: grid,
            method: method,
            weighting: weighting,
            errorModel: try Self.errorModel(&reader),
            window: window,
            withProfiles: withProfiles,
            response: response
        )
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
