import Formats
import Geo
import Inversion
import Quantities
import Transport

/// The whole state of a problem of footprints: fluxes by sector, factors of the boundary, systematic errors.
struct FootprintState: Sendable {
    let sectors: [SectorElements]
    let boundary: [StateElement]
    let biases: [StateElement]
    let priorMean: [Double]
    let priorSigma: [Double]
    let places: [Position?]
    let emissions: StateEmissions
    /// Place of each systematic error in the state, by its name.
    let biasPlaces: [String: Int]

    init(_ sectors: [SectorElements], _ plan: FootprintProblemPlan, biases names: [String]) throws {
        self.sectors = sectors
        boundary = plan.boundary.map { Self.boundary($0) } ?? []
        let sigma = plan.biasSigma ?? 0
        let biasNames = sigma > 0 ? names : []
        biases = biasNames.map { StateElement("bias of \($0)", kind: .bias, unit: "ppm") }
        let others = boundary.count + biases.count
        priorMean =
            sectors.flatMap(\.priorMean) + boundary.map { _ in 1 } + biases.map { _ in 0 }
        priorSigma =
            sectors.flatMap(\.priorSigma) + boundary.map { _ in plan.boundary?.priorSigma ?? 0 }
            + biases.map { _ in sigma }
        places = sectors.flatMap(\.places) + [Position?](repeating: nil, count: others)
        emissions = StateEmissions(
            perUnit: sectors.flatMap(\.emissions) + [Double](repeating: 0, count: others),
            unit: "kt yr-1"
        )
        let first = priorMean.count - biases.count
        biasPlaces = Dictionary(uniqueKeysWithValues: biasNames.enumerated().map { ($1, first + $0) })
    }

    var elements: [StateElement] { sectors.flatMap(\.elements) + boundary + biases }
    var count: Int { priorMean.count }
    /// Number of elements that are fluxes; those of the boundary follow.
    var fluxCount: Int { sectors.reduce(0) { $0 + $1.elements.count } }

    /// In the order of ``BoundaryBackground/parts``.
    private static func boundary(_ plan: FootprintProblemPlan.Boundary) -> [StateElement] {
        let bands = zip([nil] + plan.bandTops.map(Optional.some), plan.bandTops.map(Optional.some) + [nil])
        return BoundaryFace.allCases.flatMap { face in
            bands.map { low, high in
                StateElement("boundary \(face.rawValue)\(band(low, high))", kind: .boundary)
            }
        }
    }

    private static func band(_ low: Double?, _ high: Double?) -> String {
        switch (low, high) {
        case (nil, nil): ""
        case (let low?, nil): " above \(number(low)) m"
        case (let low, let high?): " \(number(low ?? 0))-\(number(high)) m"
        }
    }

    private static func number(_ metres: Double) -> String {
        Int(exactly: metres).map(String.init) ?? String(metres)
    }
}
