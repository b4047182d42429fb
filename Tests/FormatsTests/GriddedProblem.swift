import Formats
import Foundation
import Geo
import Inversion
import LinearAlgebra
import Quantities
import TestSupport

/// A made problem with all that products tell of: two regions, a sector that emits and one that takes up, a boundary, a
/// bias, and where on a grid of 4 x 6 cells the elements emit.
enum GriddedProblem {
    static let rows = 20
    static let start = Instant(microseconds: 1_700_006_400_000_000)

    static func input() throws -> LinearProblemInput {
        var generator = SeededGenerator(seed: 5)
        var jacobian = Matrix(rows: rows, columns: 6)
        for row in 0..<rows {
            for column in 0..<4 {
                let response = Double.random(in: 0.2...1.5, using: &generator)
                jacobian[row, column] = column < 2 ? response : -response
            }
            jacobian[row, 4] = 400
            jacobian[row, 5] = Double(row % 2)
        }
        let truth = [1.3, 0.8, 1.1, 0.9, 1.001, 0.2]
        let noise = (0..<rows).map { _ in Double.random(in: -0.3...0.3, using: &generator) }
        var input = LinearProblemInput(
            problem: LinearProblem(
                jacobian: jacobian,
                observations: zip(jacobian.times(truth), noise).map { $0 + $1 },
                observationError: .independent([Double](repeating: 0.2, count: rows)),
                priorMean: [1, 1, 1, 1, 1, 0],
                priorError: .independent([0.5, 0.5, 0.3, 0.3, 0.01, 1]),
                stateNames: ["A fossil", "B fossil", "A land", "B land", "inflow", "van"]
            ),
            longitudes: (0..<rows).map { 116 + 0.01 * Double($0) },
            latitudes: (0..<rows).map { 40 + 0.01 * Double($0) },
            times: (0..<rows).map { start.advanced(bySeconds: 3600 * Double($0)) },
            unit: "ppm",
            title: "made problem"
        )
        try label(&input)
        return input
    }

    private static func label(_ input: inout LinearProblemInput) throws {
        input.state = try StateVector([
            StateElement("A fossil", kind: .flux, region: "A", sector: "Fossil fuel"),
            StateElement("B fossil", kind: .flux, region: "B", sector: "Fossil fuel"),
            StateElement("A land", kind: .flux, region: "A", sector: "land"),
            StateElement("B land", kind: .flux, region: "B", sector: "land"),
            StateElement("inflow", kind: .boundary),
            StateElement("van", kind: .bias),
        ])
        input.groups = LabelGroups(labels: (0..<rows).map { $0 % 2 == 0 ? "roof-10" : "van" })
        input.emissions = StateEmissions(perUnit: [10, 20, -4, -6, 0, 0], unit: "kt yr-1")
        input.periods = input.times?.map { Period(start: $0, end: $0.advanced(bySeconds: 3600)) }
        input.altitudes = [Double](repeating: 50, count: rows)
        input.fluxMap = map()
    }

    /// Region A is the west, region B the east; one cell of each sector is not solved for.
    static func map(countries: [String] = ["CHINA", "MONGOLIA"]) -> FluxMap {
        let box = BoundingBox(west: 115, south: 39, east: 118, north: 41)
        guard let grid = box.flatMap({ LatitudeLongitudeGrid(box: $0, stepDegrees: 0.5) }) else {
            preconditionFailure("the test is wrong")
        }
        let period = Period(start: start, end: start.advanced(bySeconds: 31 * 86_400))
        func layer(_ sector: String, _ flux: Double, first: Int32) -> FluxMap.Layer {
            FluxMap.Layer(
                sector: sector,
                period: period,
                flux: (0..<24).map { flux * (1 + 0.01 * Double($0)) },
                element: (0..<24).map { $0 == 23 ? -1 : first + ($0 % 6 < 3 ? 0 : 1) }
            )
        }
        return FluxMap(
            gas: .co2,
            grid: grid,
            layers: [layer("Fossil fuel", 2e-6, first: 0), layer("land", -1e-6, first: 2)],
            countries: RegionMask(
                grid: grid,
                names: countries,
                index: (0..<24).map { $0 == 0 ? -1 : ($0 % 6 < 3 ? 0 : 1) }
            )
        )
    }
}
