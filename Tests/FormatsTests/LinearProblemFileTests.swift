import Concurrent
import Formats
import Foundation
import Inversion
import LinearAlgebra
import NetCDF
import Quantities
import TestSupport
import Testing

/// What the example problems are known to give.
struct KnownSolution: Decodable {
    let names: [String]
    let xhat: [Double]
    let S: [[Double]]
    let dofs: Double
    let Jn: Double
}

@Suite struct OverpassProblemTests {
    private func read(_ name: String) async throws -> LinearProblemInput {
        try await LinearProblemFile.read(Places.deploy.appending(path: "cases/berlin/\(name).nc").path)
    }

    @Test func sourcesOfOneOverpassAreKnownToAllDigits() async throws {
        let input = try await read("osse_sources")
        #expect(input.problem.stateNames == ["JV", "BV", "A", "RA", "GPP", "BIAS"])
        #expect(input.unit == "ppm")
        #expect(input.longitudes?.count == 18_584)
        #expect(input.times == nil)
        let posterior = try GaussianSolver.solve(input.problem)
        #expect(abs(posterior.mean[0] - 0.9913779045622021) < 1e-11)
        #expect(abs(posterior.mean[1] - 1.0826012730353725) < 1e-11)
        #expect(abs(posterior.sigma[0] - 0.0288552382) < 1e-9)
        #expect(abs(posterior.sigma[1] - 0.1165567195) < 1e-9)
        #expect(abs(posterior.degreesOfFreedomForSignal - 5.441424191585158) < 1e-11)
        #expect(abs(posterior.costPerObservation - 1.0035337330861258) < 1e-11)
        #expect(abs(posterior.innovationChiSquare - posterior.cost) < 1e-9 * posterior.cost)
    }

    @Test func trafficOfBerlinIsHardlySeen() async throws {
        let posterior = try GaussianSolver.solve(try await read("osse_berlin_sectors").problem)
        let traffic = try #require(posterior.stateNames.firstIndex(of: "B2"))
        #expect(abs(posterior.mean[traffic] - 1.282) < 5e-4)
        #expect(abs(posterior.sigma[traffic] - 0.473) < 5e-4)
        #expect(abs(posterior.averagingKernel[traffic, traffic] - 0.10) < 5e-3)
        #expect(abs(posterior.degreesOfFreedomForSignal - 5.895294535426933) < 1e-11)
    }

    @Test(.enabled(if: Places.shared("inversion/smartcarb/smartcarb_osse_expected.json") != nil))
    func everyDigitOfTheReferenceAgrees() async throws {
        let url = try #require(Places.shared("inversion/smartcarb/smartcarb_osse_expected.json"))
        let known = try JSONDecoder().decode([String: KnownSolution].self, from: Data(contentsOf: url))
        for (name, key) in [("osse_sources", "sources"), ("osse_berlin_sectors", "berlin_sectors")] {
            let posterior = try GaussianSolver.solve(try await read(name).problem)
            let expected = try #require(known[key])
            #expect(posterior.stateNames == expected.names)
            for (row, values) in expected.S.enumerated() {
                #expect(abs(posterior.mean[row] - expected.xhat[row]) < 1e-11)
                for (column, value) in values.enumerated() {
                    #expect(abs(posterior.covariance[row, column] - value) < 1e-12)
                }
            }
            #expect(abs(posterior.degreesOfFreedomForSignal - expected.dofs) < 1e-11)
            #expect(abs(posterior.costPerObservation - expected.Jn) < 1e-11)
        }
    }

    @Test(arguments: ["osse_sources", "osse_berlin_sectors"])
    func bothSpacesAgreeOnEveryEighthObservation(name: String) async throws {
        let whole = try await read(name).problem
        guard case .independent(let sigma) = whole.observationError else {
            Issue.record("errors of the example are independent")
            return
        }
        let kept = Array(stride(from: 0, to: whole.observationCount, by: 8))
        var problem = whole
        problem.jacobian = Matrix(
            rows: kept.count,
            columns: whole.stateCount,
            storage: kept.flatMap { whole.jacobian.rows($0..<($0 + 1)).storage }
        )
        problem.observations = kept.map { whole.observations[$0] }
        problem.observationError = .independent(kept.map { sigma[$0] })
        let subset = problem
        let (state, observation) = try await onSolverThread {
            (
                try GaussianSolver.solve(subset, space: .state),
                try GaussianSolver.solve(subset, space: .observation)
            )
        }
        for (a, b) in zip(
            state.mean + state.covariance.storage,
            observation.mean + observation.covariance.storage
        ) {
            #expect(abs(a - b) < 1e-9)
        }
        for (a, b) in zip(state.averagingKernel.storage, observation.averagingKernel.storage) {
            #expect(abs(a - b) < 1e-9)
        }
        #expect(abs(state.cost - observation.cost) < 1e-9 * state.cost)
        #expect(abs(state.logEvidence - observation.logEvidence) < 1e-9 * abs(state.logEvidence))
    }
}

@Suite struct LinearProblemFileTests {
    private let covariance = Matrix(rows: 2, columns: 2, storage: [0.25, 0.1, 0.1, 0.25])

    private var input: LinearProblemInput {
        LinearProblemInput(
            problem: LinearProblem(
                jacobian: Matrix(rows: 2, columns: 2, storage: [1, 0.5, 0.25, 1]),
                observations: [2, 1.0 / 3],
                observationError: .independent([0.2, 0.3]),
                priorMean: [1, 1],
                priorError: .covariance(covariance),
                stateNames: ["上海", "b"]
            ),
            longitudes: [121.5, 121.6],
            latitudes: [31.2, 31.3],
            times: [Instant(microseconds: 1_500_000), Instant(microseconds: 2_000_000)],
            unit: "ppm",
            title: "two"
        )
    }

    @Test func aProblemSurvivesTheFile() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        try await LinearProblemFile.write(input, to: path, provenance: [("source", "test")])
        let back = try await LinearProblemFile.read(path)
        #expect(back.problem.jacobian == input.problem.jacobian)
        #expect(back.problem.observations == input.problem.observations)
        #expect(back.problem.observationError == input.problem.observationError)
        #expect(back.problem.priorError == input.problem.priorError)
        #expect(back.problem.stateNames == input.problem.stateNames)
        #expect(back.longitudes == input.longitudes && back.latitudes == input.latitudes)
        #expect(back.times == input.times)
        #expect(back.unit == "ppm" && back.title == "two")
    }

    @Test func aStreamedFileGivesThePosteriorOfTheWhole() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        try await LinearProblemFile.write(input, to: path)
        let streamed = try await LinearProblemFile.stream(path)
        let posterior = try await onOwnThread(named: "solver") { try GaussianSolver.solve(streamed.problem) }
        let whole = try GaussianSolver.solve(input.problem, space: .state)
        #expect(zip(posterior.mean, whole.mean).allSatisfy { abs($0 - $1) < 1e-14 })
        #expect(
            zip(posterior.covariance.storage, whole.covariance.storage).allSatisfy { abs($0 - $1) < 1e-15 }
        )
        #expect(posterior.stateNames == whole.stateNames)
    }

    @Test func correlatedErrorsAreNotStreamed() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        var correlated = input
        correlated.problem.observationError = .covariance(covariance)
        try await LinearProblemFile.write(correlated, to: path)
        let error = await #expect(throws: NetCDFError.self) { try await LinearProblemFile.stream(path) }
        #expect(error?.line.contains("problem.nc, observation_covariance") == true)
    }

    @Test func aBadValueIsNamedWithItsFile() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        var bad = input
        bad.problem.observationError = .independent([0.2, 0])
        try await LinearProblemFile.write(bad, to: path)
        let error = await #expect(throws: NetCDFError.self) { try await LinearProblemFile.read(path) }
        #expect(error?.exitStatus == .badData)
        #expect(error?.line.contains("problem.nc, observation_sigma[1]") == true)
    }

    /// A factor of a thousand between ppm and ppb would pass unseen.
    @Test(arguments: [
        ("ppm", "ppb", false), ("ppm", "kelvin", false), ("ppb", "ppb", true), ("ppm", "ppmv", true),
    ])
    func unitsOfJacobianAndObservationsMustAgree(jacobian: String, value: String, agree: Bool) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("units.nc").path
        try await writeUnits(jacobian: jacobian, value: value, to: path)
        guard !agree else {
            #expect(try await LinearProblemFile.read(path).unit == value)
            return
        }
        let error = await #expect(throws: NetCDFError.self) { try await LinearProblemFile.read(path) }
        #expect(error?.exitStatus == .badData)
        #expect(error?.line.contains(value) == true)
    }

    @NetCDFThread
    private func writeUnits(jacobian: String, value: String, to path: String) throws {
        var writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("observation", length: 1)
        try writer.defineDimension("state", length: 1)
        let columns: [(name: String, dimensions: [String], unit: String)] = [
            ("jacobian", ["observation", "state"], jacobian), ("observation_value", ["observation"], value),
            ("observation_sigma", ["observation"], value), ("prior_mean", ["state"], "1"),
            ("prior_sigma", ["state"], "1"),
        ]
        for column in columns {
            let attributes: [(String, NetCDFAttribute)] = [("units", .text(column.unit))]
            try writer.defineVariable(
                column.name,
                .double,
                dimensions: column.dimensions,
                attributes: attributes
            )
        }
        try writer.defineVariable("state_name", .string, dimensions: ["state"], attributes: [])
        for column in columns { try writer.write([1.0], to: column.name) }
        try writer.write(["x"], to: "state_name")
        try writer.commit()
    }

    @Test func aFileWithoutTheVariablesIsRefused() async throws {
        let path = Places.fixtures.appending(path: "imi-permian.nc").path
        let error = await #expect(throws: NetCDFError.self) { try await LinearProblemFile.read(path) }
        #expect(error?.what.hasPrefix("no problem of an inversion") == true)
        #expect(error?.exitStatus == .badData)
    }

    @Test func aShapeThatDoesNotFitIsRefused() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        try await writeTransposed(to: path)
        let error = await #expect(throws: NetCDFError.self) { try await LinearProblemFile.read(path) }
        #expect(error?.variable == "jacobian")
        #expect(error?.what.contains("(state, observation), expected (observation, state)") == true)
    }

    @NetCDFThread
    private func writeTransposed(to path: String) throws {
        var writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("observation", length: 3)
        try writer.defineDimension("state", length: 2)
        try writer.defineVariable(
            "jacobian",
            .double,
            dimensions: ["state", "observation"],
            attributes: []
        )
        for name in ["observation_value", "observation_sigma"] {
            try writer.defineVariable(name, .double, dimensions: ["observation"], attributes: [])
        }
        for name in ["prior_mean", "prior_sigma"] {
            try writer.defineVariable(name, .double, dimensions: ["state"], attributes: [])
        }
        try writer.defineVariable("state_name", .string, dimensions: ["state"], attributes: [])
        try writer.write([1.0, 1, 1], to: "observation_value")
        try writer.write([1.0, 1], to: "prior_mean")
        try writer.write(["a", "b"], to: "state_name")
        try writer.commit()
    }

    @Test(arguments: [0, 1, 100, 3000]) func aTruncatedFileIsRefused(bytes: Int) async throws {
        let folder = try TemporaryFolder()
        let whole = folder.file("whole.nc")
        try await LinearProblemFile.write(input, to: whole.path)
        let cut = folder.file("cut.nc")
        try Data(contentsOf: whole).prefix(bytes).write(to: cut)
        let error = await #expect(throws: NetCDFError.self) { try await LinearProblemFile.read(cut.path) }
        #expect(error?.exitStatus == .badData)
    }

    @Test func aMissingFileHasItsOwnStatus() async throws {
        let error = await #expect(throws: NetCDFError.self) {
            try await LinearProblemFile.read("/nowhere/problem.nc")
        }
        #expect(error?.exitStatus == .missingInput)
    }
}

@Suite struct NormalMatrixFileTests {
    @Test func theMethaneInversionOfThePermianIsReproduced() async throws {
        let file = try await Permian.read()
        let deviations = [Double](repeating: 0.5, count: 23) + [Double](repeating: 10, count: 4)
        let normal = try NormalEquations(information: file.normal, gradient: file.gradient)
        let solution = try GaussianSolver.solve(normal, priorError: .independent(deviations))
        for index in 0..<27 { #expect(abs(solution.increment[index] - file.ratio[index]) < 1e-10) }
        for (a, b) in zip(solution.covariance.storage, file.covariance) { #expect(abs(a - b) < 1e-10) }
        for (a, b) in zip(solution.averagingKernel.storage, file.kernel) { #expect(abs(a - b) < 1e-10) }
        // The file's normalised prior cost counts the 27 elements.
        #expect(abs(solution.priorCost / 27 - file.priorCost) < 1e-9)
    }
}

/// Sums and solution that the Integrated Methane Inversion stored.
struct Permian: Sendable {
    let normal: Matrix
    let gradient: [Double]
    let ratio: [Double]
    let covariance: [Double]
    let kernel: [Double]
    let priorCost: Double

    @NetCDFThread
    static func read() throws -> Permian {
        let file = try NetCDFFile(reading: Places.fixtures.appending(path: "imi-permian.nc").path)
        return Permian(
            normal: Matrix(rows: 27, columns: 27, storage: try file.doubles("KTinvSoK", shape: [27, 27])),
            gradient: try file.doubles("KTinvSoyKxA"),
            ratio: try file.doubles("ratio"),
            covariance: try file.doubles("S_post"),
            kernel: try file.doubles("A"),
            priorCost: try file.doubles("Ja_normalized")[0]
        )
    }
}
