import Geo
import NetCDF
import Quantities
import Transport

/// The variables of the shares of particles that left the domain, in our files and those of PARIS.
struct BoundaryDefinition {
    private let heights: [Double]
    private let count: Int
    /// Names of the dimensions.
    private let along: String
    private let height: String
    private let plane: [String]
    private let shape: [Int]
    /// Name of the variable of the sums of all sides; nil where the layout has none.
    private let closure: String?

    /// Nil for a source that does not tell.
    ///
    /// - Throws: where the first boundary does not have the cells of the grid along its sides.
    @NetCDFThread
    init?(
        _ source: FootprintSource,
        along: String,
        height: String,
        closure: String? = nil,
        path: String
    ) throws(NetCDFError) {
        guard source.count > 0, let first = try source.boundary?(0) else { return nil }
        heights = first.faces[.north]?.cells.heightMetres ?? []
        count = source.count
        (self.along, self.height, self.closure) = (along, height, closure)
        plane = source.grid.projected == nil ? ["latitude", "longitude"] : ["y", "x"]
        shape = [source.grid.rows, source.grid.columns]
        guard isFitting(first), !heights.isEmpty else {
            throw NetCDFError(.unexpected("the sides of the boundary do not fit the grid"), path: path)
        }
    }

    private static func axis(_ side: BoundaryFace) -> Int { side.runsAlongLongitude ? 1 : 0 }

    private static func name(_ side: BoundaryFace) -> String {
        "particle_locations_\(side.rawValue.prefix(1))"
    }

    private func isFitting(_ boundary: BoundarySensitivity) -> Bool {
        BoundaryFace.allCases.allSatisfy { side in
            guard let cells = boundary.faces[side]?.cells else { return false }
            return cells.heightMetres == heights && cells.places.count == shape[Self.axis(side)]
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
        for side in BoundaryFace.allCases {
            let (place, letter) = (Self.axis(side), side.rawValue.prefix(1).uppercased())
            try writer.defineVariable(
                Self.name(side),
                .float,
                dimensions: [along, height, plane[place]],
                chunks: [1, heights.count, shape[place]],
                attributes: [
                    ("units", "1"),
                    ("long_name", .text("Fraction of total particles leaving domain (\(letter) side)")),
                ]
            )
        }
        guard let closure else { return }
        try writer.defineVariable(
            closure,
            .double,
            dimensions: [along],
            attributes: [
                ("units", "1"), ("long_name", "share of the particles that left the domain through any side"),
                ("comment", "below 1 the rest was still inside when the run ended: the background lacks it"),
            ]
        )
    }

    @NetCDFThread
    func fill(_ source: FootprintSource, _ writer: inout NetCDFWriter) throws(NetCDFError) {
        try writer.write(heights, to: height)
        var closures: [Double] = []
        for index in 0..<count {
            guard let boundary = try source.boundary?(index), isFitting(boundary) else {
                throw NetCDFError(.unexpected("boundary \(index) does not fit the first"), path: writer.path)
            }
            closures.append(boundary.closure)
            for side in BoundaryFace.allCases {
                guard let face = boundary.faces[side] else { continue }
                try writer.write(
                    face.shares,
                    to: Self.name(side),
                    start: [index, 0, 0],
                    shape: [1, heights.count, face.cells.places.count]
                )
            }
        }
        if let closure { try writer.write(closures, to: closure) }
    }
}
