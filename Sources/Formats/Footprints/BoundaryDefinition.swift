import Geo
import NetCDF
import Quantities

/// The variables of the shares of particles that left the domain, in our files and those of PARIS.
struct BoundaryDefinition {
    private let heights: [Double]
    private let count: Int
    /// Names of the dimensions.
    private let along: String
    private let height: String
    private let plane: [String]
    private let shape: [Int]

    private static let sides = [
        (name: "n", text: "N"), (name: "e", text: "E"), (name: "s", text: "S"), (name: "w", text: "W"),
    ]

    /// Nil for a source that does not tell.
    ///
    /// - Throws: where the first boundary does not have the cells of the grid along its sides.
    @NetCDFThread
    init?(
        _ source: FootprintSource,
        along: String,
        height: String,
        path: String
    ) throws(NetCDFError) {
        guard source.count > 0, let first = try source.boundary?(0) else { return nil }
        heights = first.north.heightsMetres
        count = source.count
        (self.along, self.height) = (along, height)
        plane = source.grid.projected == nil ? ["latitude", "longitude"] : ["y", "x"]
        shape = [source.grid.rows, source.grid.columns]
        guard isFitting(first), !heights.isEmpty else {
            throw NetCDFError(.unexpected("the sides of the boundary do not fit the grid"), path: path)
        }
    }

    private func isFitting(_ boundary: FootprintBoundary) -> Bool {
        boundary.faces.enumerated().allSatisfy { side, face in
            face.heightsMetres == heights && face.degrees.count == shape[side % 2 == 0 ? 1 : 0]
        }
    }

    @NetCDFThread
    func define(in writer: inout NetCDFWriter) throws(NetCDFError) {
        try writer.defineDimension(height, length: heights.count)
        try writer.defineVariable(
            height,
            .double,
            dimensions: [height],
            attributes: [
                ("long_name", "height at layer midpoints"), ("standard_name", "height"), ("units", "m"),
                ("positive", "up"), ("axis", "Z"),
            ]
        )
        for (index, side) in Self.sides.enumerated() {
            let place = index % 2 == 0 ? 1 : 0
            try writer.defineVariable(
                "particle_locations_" + side.name,
                .float,
                dimensions: [along, height, plane[place]],
                chunks: [1, heights.count, shape[place]],
                attributes: [
                    ("units", "1"),
                    ("long_name", .text("Fraction of total particles leaving domain (\(side.text) side)")),
                ]
            )
        }
    }

    @NetCDFThread
    func fill(_ source: FootprintSource, _ writer: inout NetCDFWriter) throws(NetCDFError) {
        try writer.write(heights, to: height)
        for index in 0..<count {
            guard let boundary = try source.boundary?(index), isFitting(boundary) else {
                throw NetCDFError(.unexpected("boundary \(index) does not fit the first"), path: writer.path)
            }
            for (side, face) in zip(Self.sides, boundary.faces) {
                try writer.write(
                    face.values,
                    to: "particle_locations_" + side.name,
                    start: [index, 0, 0],
                    shape: [1, heights.count, face.degrees.count]
                )
            }
        }
    }
}
