public import Geo
public import LinearAlgebra
public import Quantities

/// How observations at some sites respond to the elements of a state, as another transport model computed it.
///
/// Row i of either matrix belongs to `times[i]` and `sites[siteIndices[i]]`. A state of ones gives the prior.
public struct SensitivityTable: Sendable {
    /// A place that observes.
    public struct Site: Equatable, Sendable {
        public let name: String
        public let position: Position

        public init(name: String, position: Position) {
            self.name = name
            self.position = position
        }
    }

    public let gas: Gas
    public let sites: [Site]
    public let siteIndices: [Int]
    /// Start of the averaging period of each row.
    public let times: [Instant]
    /// ppm per unit of a flux scale factor, rows x flux elements.
    public let flux: Matrix
    public let fluxNames: [String]
    /// ppm per unit of a boundary scale factor, rows x boundary elements.
    public let boundary: Matrix
    public let boundaryNames: [String]

    /// - Precondition: all parts have the same number of rows, names fit the columns, and site indices are valid.
    public init(
        gas: Gas,
        sites: [Site],
        siteIndices: [Int],
        times: [Instant],
        flux: Matrix,
        fluxNames: [String],
        boundary: Matrix,
        boundaryNames: [String]
    ) {
        precondition(siteIndices.count == times.count && siteIndices.allSatisfy(sites.indices.contains))
        precondition(flux.rows == times.count && flux.columns == fluxNames.count)
        precondition(boundary.rows == times.count && boundary.columns == boundaryNames.count)
        self.gas = gas
        self.sites = sites
        self.siteIndices = siteIndices
        self.times = times
        self.flux = flux
        self.fluxNames = fluxNames
        self.boundary = boundary
        self.boundaryNames = boundaryNames
    }

    public var rows: Int { times.count }

    /// Flux and boundary columns side by side for the given rows: the Jacobian of a state that holds both.
    public func jacobian(rows selected: [Int]) -> Matrix {
        let storage = selected.flatMap { row in
            flux.rows(row..<(row + 1)).storage + boundary.rows(row..<(row + 1)).storage
        }
        return Matrix(rows: selected.count, columns: flux.columns + boundary.columns, storage: storage)
    }
}
