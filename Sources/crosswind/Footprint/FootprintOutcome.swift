import Formats
import Foundation
import Geo
import Quantities
import Report
import Transport

/// What came of a run. Footprints themselves lie in the spool, so that any number of receptors takes little memory.
struct FootprintOutcome: Sendable {
    /// What became of one receptor.
    struct Result: Sendable {
        let receptor: Receptor
        let account: GriddingAccount
        /// Cells with a value.
        let cells: Int
        let emptiness: EmptyFootprint?
        let shareLeft: Double
        /// Of the boundary of the grid; nil where it was not asked for.
        let closure: Double?
        let background: BackgroundRow?
        let enhancement: FluxEnhancement?
        /// Of the sum of the footprint and of the enhancement, where there was an ensemble.
        var spread: TransportSpread?
        var enhancementSpread: TransportSpread?
    }

    var meteorology: MeteorologySummary
    var remarks: [FootprintRemark]
    var results: [Result] = []
    /// The first footprints, for maps of their own.
    var shown: [(receptor: Receptor, field: FootprintField)] { first.shown.map(\.value) }
    /// Particles of the first receptors, thinned, for pictures.
    var plumes: [(receptor: Receptor, particles: ParticleTable)] { first.plumes.map(\.value) }
    private var first = FirstReceptors()
    private var total: FootprintField?
    /// That particles were followed.
    var seconds = 0.0
    var provenance: FileProvenance?
    var written: FootprintFileSummary?
    /// Of the flux, where there is one.
    var gas: Gas?

    static let plumeRows = 30_000

    init(meteorology: MeteorologySummary, remarks: [FootprintRemark]) {
        self.meteorology = meteorology
        self.remarks = remarks
    }

    /// Takes what a page draws only where there is to be one.
    ///
    /// - Parameter place: of the receptor among those of the user, who may have given them in another order.
    mutating func add(_ finished: FinishedReceptor, at place: Int, drawn: Bool) {
        results.append(
            Result(
                receptor: finished.receptor,
                account: finished.account,
                cells: Set(finished.footprint.layers.lazy.flatMap(\.cells)).count,
                emptiness: finished.emptiness,
                shareLeft: finished.shareLeft,
                closure: finished.boundary?.closure,
                background: finished.background,
                enhancement: finished.enhancement
            )
        )
        guard drawn else { return }
        let field = FootprintField(finished.footprint)
        total = FootprintField(
            grid: field.grid,
            values: zip(total?.values ?? field.values, field.values).map(+)
        )
        first.show((finished.receptor, field), at: place)
        if let particles = finished.particles {
            first.show((finished.receptor, particles.table), at: place, rows: Self.plumeRows)
        }
    }

    /// Brings results into the order of the user.
    ///
    /// - Parameter places: of the results.
    mutating func arrange(by places: [Int]) {
        results = places.indices.sorted { places[$0] < places[$1] }.map { results[$0] }
    }

    /// Of all receptors that are drawn.
    var mean: FootprintField? {
        total.map { total in
            FootprintField(grid: total.grid, values: total.values.map { $0 / Double(results.count) })
        }
    }

    var hasSpreads: Bool { results.contains { $0.spread != nil } }

    /// Numbers of the receptors for the file.
    var variables: [ReceptorVariable] {
        var variables: [ReceptorVariable] = []
        func add(_ name: String, _ text: String, _ unit: String, _ value: (Result) -> Double?) {
            let values = results.map(value)
            guard values.contains(where: { $0 != nil }) else { return }
            variables.append(
                ReceptorVariable(name: name, longName: text, unit: unit, values: values.map { $0 ?? .nan })
            )
        }
        let remainder = "weight of a column above its highest release, which no particle carries"
        if results.contains(where: { $0.receptor.remainderWeight != 0 }) {
            add("remainder_weight", remainder, "1") { $0.receptor.remainderWeight }
        }
        add("background", "mole fraction that the air brought into the grid", "ppm") {
            $0.background?.partsPerMillion
        }
        add(
            "background_missing_share",
            "share of the particles at the boundary that met no mole fraction",
            "1"
        ) {
            $0.background?.missingShare
        }
        let species = gas.map { " of \($0.rawValue)" } ?? ""
        add("enhancement", "mole fraction\(species) that the fluxes add", "ppm") {
            $0.enhancement?.known
        }
        add("enhancement_missing_share", "share of the footprint that met no flux", "1") {
            $0.enhancement?.missingShare
        }
        let error = "standard deviation from errors of the weather"
        add("transport_error", "\(error), of the sum of the footprint", FootprintVariableUnits.footprint) {
            $0.spread?.transportDeviation
        }
        add("enhancement_transport_error", "\(error), of the enhancement", "ppm") {
            $0.enhancementSpread?.transportDeviation
        }
        return variables
    }
}

enum FootprintVariableUnits {
    static let footprint = "ppm m2 s umol-1"
}
