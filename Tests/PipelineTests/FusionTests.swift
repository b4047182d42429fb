import Formats
import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

private let overpassFile = Places.deploy.appending(path: "cases/berlin/osse_berlin_sectors.nc").path

/// What sensors in the streets add to one overpass: an observing-system simulation on the tagged columns of SMARTCARB.
///
/// Below the top of a mixed layer of about 1 km a ninth of the air column holds what was emitted below, so that street
/// level sees nine times the column enhancement of a tag; this is the stated assumption of the experiment. Errors are
/// 0.5 ppm for the hourly mean of a station and for the mean of a vehicle over one pixel of 2 km. Every station and
/// the vehicle have a bias of their own in the state, 0.5 and 1 ppm, and the satellite has one.
@Suite struct FusionTests {
    private static let dilution = 9.0
    private static let stations = 12
    private static let segments = 300

    private func overpass() async throws -> LinearProblemInput {
        try await LinearProblemFile.read(overpassFile)
    }

    /// Pixels over the city, from the south-west, row by row as a vehicle could drive them.
    private func cityPixels(_ input: LinearProblemInput) throws -> [Int] {
        let (longitudes, latitudes) = (try #require(input.longitudes), try #require(input.latitudes))
        return longitudes.indices
            .filter { (13.1...13.8).contains(longitudes[$0]) && (52.35...52.7).contains(latitudes[$0]) }
            .sorted { (latitudes[$0], longitudes[$0]) < (latitudes[$1], longitudes[$1]) }
    }

    /// The overpass with rows for the street and columns for the biases of its instruments.
    private func fused(_ input: LinearProblemInput, stations: Int, segments: Int) throws -> LinearProblem {
        let column = input.problem
        let city = try cityPixels(input)
        func spread(_ count: Int) -> [Int] {
            (0..<count).map { city[count == 1 ? 0 : $0 * (city.count - 1) / (count - 1)] }
        }
        let sites = spread(stations) + spread(segments)
        let satelliteBias = try #require(column.stateNames.firstIndex(of: "BIAS"))
        let width = column.stateCount + stations + 1
        let rows = column.observationCount + sites.count
        var jacobian = Matrix(rows: rows, columns: width)
        for row in 0..<column.observationCount {
            for state in 0..<column.stateCount { jacobian[row, state] = column.jacobian[row, state] }
        }
        for (index, pixel) in sites.enumerated() {
            let row = column.observationCount + index
            for state in 0..<column.stateCount where state != satelliteBias {
                jacobian[row, state] = Self.dilution * column.jacobian[pixel, state]
            }
            jacobian[row, column.stateCount + min(index, stations)] = 1
        }
        guard case .independent(let columnSigma) = column.observationError,
            case .independent(let priorSigma) = column.priorError
        else { throw InversionError.correlatedObservations }
        let truth = column.stateNames.map { $0 == "BIAS" ? 0.0 : 1.0 }
        var random = SeededGenerator(seed: 42)
        let biases = (0...stations).map { ($0 < stations ? 0.5 : 1) * random.normal() }
        let street = jacobian.rows(column.observationCount..<rows).times(truth + biases)
        return LinearProblem(
            jacobian: jacobian,
            observations: column.observations + street.map { $0 + 0.5 * random.normal() },
            observationError: .independent(columnSigma + street.map { _ in 0.5 }),
            priorMean: column.priorMean + biases.map { _ in 0 },
            priorError: .independent(priorSigma + (0...stations).map { $0 < stations ? 0.5 : 1 }),
            stateNames: column.stateNames + (0..<stations).map { "bias station \($0)" } + ["bias vehicle"]
        )
    }

    @Test func streetSensorsResolveTheTrafficThatOneOverpassDoesNot() async throws {
        let input = try await overpass()
        let traffic = try #require(input.problem.stateNames.firstIndex(of: "B2"))
        let alone = try GaussianSolver.solve(input.problem)
        #expect(abs(alone.averagingKernel[traffic, traffic] - 0.104) < 0.001)
        let problem = try fused(input, stations: Self.stations, segments: Self.segments)
        let together = try GaussianSolver.solve(problem)
        #expect(together.averagingKernel[traffic, traffic] > 0.5)
        #expect(together.sigma[traffic] < 0.35 && alone.sigma[traffic] > 0.47)
        // All emissions of the truth, 1, within three standard deviations.
        for state in 0..<7 {
            #expect(abs(together.mean[state] - 1) < 3 * together.sigma[state], "\(problem.stateNames[state])")
        }
        #expect(abs(together.costPerObservation - 1) < 0.05)
        // Stations or the vehicle alone do less.
        let parked = try GaussianSolver.solve(fused(input, stations: Self.stations, segments: 1))
        #expect(parked.averagingKernel[traffic, traffic] < together.averagingKernel[traffic, traffic])
    }
}
