import Foundation
import Inversion
import LinearAlgebra
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Formats

/// One problem in the dense and in the sparse layout, with a prior that correlates in space, time and sector.
@Suite struct LargeProblemTests {
    private struct Scene {
        var longitudes: [Double] = []
        var latitudes: [Double] = []
        var days: [Double] = []
        var sectors: [String] = []
        /// Empty for a file without.
        var classes: [String] = []
        var betweenClasses: Double?
        let rows = (count: 4, first: 50.0, step: 0.5)
        let columns = (count: 5, first: 5.0, step: 1.0)

        /// Two days and two sectors on a grid with a cell left out, then a bias without a place.
        init(withHole: Bool = true) {
            for day in 0..<2 {
                for sector in ["power", "traffic"] {
                    for row in 0..<rows.count {
                        for column in 0..<columns.count where !(withHole && row == 1 && column == 2) {
                            longitudes.append(columns.first + Double(column) * columns.step)
                            latitudes.append(rows.first + Double(row) * rows.step)
                            days.append(Double(day) * 3)
                            sectors.append(sector)
                        }
                    }
                }
            }
            longitudes.append(.nan)
            latitudes.append(.nan)
            days.append(.nan)
            sectors.append("")
        }

        var count: Int { longitudes.count }
    }

    private func write(
        _ scene: Scene,
        isSparse: Bool,
        to path: String,
        form: String = "matern_3_2"
    ) async throws {
        var random = SeededGenerator(seed: 3)
        let (n, m) = (30, scene.count)
        var dense = [Double](repeating: 0, count: n * m)
        for index in dense.indices where random.uniform() < 0.2 { dense[index] = random.uniform() }
        for row in 0..<n { dense[row * m + m - 1] = 1 }
        let values = (0..<n).map { _ in 2 + random.normal() }
        let jacobian = dense
        try await Self.write(scene, jacobian, values, isSparse, path, form)
    }

    @NetCDFThread
    private static func write(
        _ scene: Scene,
        _ dense: [Double],
        _ values: [Double],
        _ isSparse: Bool,
        _ path: String,
        _ form: String
    ) throws {
        let (n, m) = (values.count, scene.count)
        var writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("observation", length: n)
        try writer.defineDimension("state", length: m)
        try writer.defineDimension("total", length: 1)
        let stored = dense.indices.filter { dense[$0] != 0 }
        var columns: [(String, [String], [Double])] = [
            ("observation_value", ["observation"], values),
            ("observation_sigma", ["observation"], [Double](repeating: 0.7, count: n)),
            ("prior_mean", ["state"], [Double](repeating: 1, count: m)),
            ("prior_sigma", ["state"], (0..<m).map { 0.5 + Double($0 % 3) / 10 }),
            ("state_longitude", ["state"], scene.longitudes),
            ("state_latitude", ["state"], scene.latitudes),
            ("state_time", ["state"], scene.days),
            ("total_weight", ["total", "state"], (0..<m).map { $0 < m - 1 ? 2 : 0 }),
        ]
        if isSparse {
            try writer.defineDimension("element", length: stored.count)
            let counts = (0..<n).map { row in Double(stored.count { $0 / m == row }) }
            columns += [
                ("jacobian_count", ["observation"], counts),
                ("jacobian_state", ["element"], stored.map { Double($0 % m) }),
                ("jacobian", ["element"], stored.map { dense[$0] }),
            ]
        } else {
            columns.append(("jacobian", ["observation", "state"], dense))
        }
        let attributes = attributes(form, scene)
        for (name, dimensions, _) in columns {
            let isWhole = name == "jacobian_count" || name == "jacobian_state"
            try writer.defineVariable(
                name,
                isWhole ? .int32 : .double,
                dimensions: dimensions,
                attributes: attributes[name] ?? []
            )
        }
        for (name, dimension) in [
            ("state_name", "state"), ("state_sector", "state"), ("total_name", "total"),
            ("state_class", "state"),
        ] where name != "state_class" || !scene.classes.isEmpty {
            try writer.defineVariable(name, .string, dimensions: [dimension], attributes: [])
        }
        for (name, _, values) in columns { try writer.write(values, to: name) }
        try writer.write((0..<m).map { "x\($0)" }, to: "state_name")
        try writer.write(scene.sectors, to: "state_sector")
        try writer.write(["all"], to: "total_name")
        if !scene.classes.isEmpty { try writer.write(scene.classes, to: "state_class") }
        try writer.commit()
    }

    private static func attributes(
        _ form: String,
        _ scene: Scene
    ) -> [String: [(String, NetCDFAttribute)]] {
        let between: [(String, NetCDFAttribute)] =
            scene.betweenClasses.map { [("class_correlation", .double($0))] } ?? []
        return [
            "state_time": [("units", .text("days since 2020-01-01"))],
            "prior_sigma": [
                ("correlation_length_km", .double(120)), ("correlation_form", .text(form)),
                ("correlation_time_days", .double(5)), ("sector_correlation", .double(0.3)),
            ] + between,
        ]
    }

    @Test(arguments: [true, false], ["exponential", "matern_3_2", "matern_5_2"])
    func bothLayoutsGiveOneSolution(withHole: Bool, form: String) async throws {
        try await compare(Scene(withHole: withHole), form: form)
    }

    /// The first three columns are the sea.
    @Test(arguments: [true, false], [nil, 0, 0.4, 1])
    func classesAreTheSameInBothLayouts(withHole: Bool, between: Double?) async throws {
        var scene = Scene(withHole: withHole)
        scene.classes = scene.longitudes.map { $0 < 8 ? "sea" : "land" }
        scene.betweenClasses = between
        try await compare(scene, form: "matern_3_2")
    }

    @Test func aClassPartsWhatIsNear() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("dense.nc").path
        var scene = Scene(withHole: false)
        try await write(scene, isSparse: false, to: path)
        let whole = try await LinearProblemFile.read(path).problem.priorError.matrix
        scene.classes = scene.longitudes.map { $0 < 8 ? "sea" : "land" }
        for between in [nil, 0.25] {
            scene.betweenClasses = between
            try await write(scene, isSparse: false, to: path)
            let input = try await LinearProblemFile.read(path)
            let parted = input.problem.priorError.matrix
            #expect(input.stateClasses == scene.classes)
            #expect(parted[1, 2] == whole[1, 2] && parted[3, 4] == whole[3, 4])
            #expect(abs(parted[2, 3] - (between ?? 0) * whole[2, 3]) < 1e-15 && whole[2, 3] > 0.05)
        }
    }

    private func compare(_ scene: Scene, form: String) async throws {
        let folder = try TemporaryFolder()
        let (dense, sparse) = (folder.file("dense.nc").path, folder.file("sparse.nc").path)
        try await write(scene, isSparse: false, to: dense, form: form)
        try await write(scene, isSparse: true, to: sparse, form: form)
        #expect(try await LargeProblemFile.isLarge(sparse))
        #expect(try await !LargeProblemFile.isLarge(dense))
        let small = try await LinearProblemFile.read(dense)
        let exact = try GaussianSolver.solve(small.problem)
        let large = try await LargeProblemFile.read(sparse)
        let solved = try await MatrixFreeSolver(gradientReduction: 1e-12).solve(large.problem)
        for (a, b) in zip(exact.mean, solved.mean) { #expect(abs(a - b) < 1e-9) }
        let functionals = try #require(large.totals)
        let totals = try await solved.totals(functionals).posterior[0]
        let expected = try functionals.totals(of: exact, priorError: small.problem.priorError).posterior[0]
        #expect(abs(totals.mean - expected.mean) < 1e-8)
        #expect(abs(totals.standardDeviation - expected.standardDeviation) < 1e-8)
    }

    @Test func densePriorIsTheProductOfItsParts() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("dense.nc").path
        let scene = Scene(withHole: false)
        try await write(scene, isSparse: false, to: path, form: "exponential")
        let matrix = try await LinearProblemFile.read(path).problem.priorError.matrix
        // The same cell, three days and a sector apart.
        let other = 20 + 40
        #expect(abs(matrix[0, other] - 0.5 * (0.5 + Double(other % 3) / 10) * exp(-0.6) * 0.3) < 1e-12)
        // One row up: half a degree of the mean sphere.
        let distance = 6371.0088 * Double.pi / 360
        #expect(abs(matrix[0, 5] - 0.5 * 0.7 * exp(-distance / 120)) < 1e-6)
        #expect(matrix[0, scene.count - 1] == 0)
    }

    @Test(arguments: [
        ("correlation_length_km", "60 km"), ("correlation_lenght_km", "60"), ("sector_corr", "1"),
        ("class_corelation", "0"), ("class_correlation", "x"),
    ])
    func attributesThatCannotBeUsedAreRefused(name: String, value: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("dense.nc").path
        try await Self.writeSmall(to: path, sigma: 0.5, attributes: [(name, .text(value))])
        let error = await #expect(throws: NetCDFError.self) { try await LinearProblemFile.read(path) }
        #expect(error?.line.contains(name) == true)
    }

    @Test func deviationsMustBePositiveWhereTheyCorrelateToo() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("dense.nc").path
        try await Self.writeSmall(to: path, sigma: -0.5, attributes: [("correlation_length_km", .double(10))])
        let error = await #expect(throws: NetCDFError.self) { try await LinearProblemFile.read(path) }
        #expect(error?.line.contains("prior_sigma[1]") == true, "\(error?.line ?? "")")
    }

    /// Two places seen once.
    @NetCDFThread
    private static func writeSmall(
        to path: String,
        sigma: Double,
        attributes: [(String, NetCDFAttribute)]
    ) throws {
        var writer = try NetCDFWriter(replacing: path)
        try writer.defineDimension("observation", length: 1)
        try writer.defineDimension("state", length: 2)
        let columns: [(String, [String], [Double])] = [
            ("observation_value", ["observation"], [1]), ("observation_sigma", ["observation"], [1]),
            ("prior_mean", ["state"], [1, 1]), ("prior_sigma", ["state"], [0.5, sigma]),
            ("state_longitude", ["state"], [5, 6]), ("state_latitude", ["state"], [50, 50]),
            ("jacobian", ["observation", "state"], [1, 1]),
        ]
        for (name, dimensions, _) in columns {
            let own = name == "prior_sigma" ? attributes : []
            try writer.defineVariable(name, .double, dimensions: dimensions, attributes: own)
        }
        try writer.defineVariable("state_name", .string, dimensions: ["state"], attributes: [])
        for (name, _, values) in columns { try writer.write(values, to: name) }
        try writer.write(["a", "b"], to: "state_name")
        try writer.commit()
    }

    @Test func damagedLayoutsAreRefused() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("sparse.nc").path
        var scene = Scene()
        scene.longitudes[3] += 0.3
        try await write(scene, isSparse: true, to: path)
        let offGrid = await #expect(throws: NetCDFError.self) { try await LargeProblemFile.read(path) }
        #expect(offGrid?.line.contains("regular grid") == true, "\(offGrid?.line ?? "")")
        scene = Scene()
        scene.longitudes[3] = scene.longitudes[2]
        try await write(scene, isSparse: true, to: path)
        await #expect(throws: NetCDFError.self) { try await LargeProblemFile.read(path) }
        scene = Scene()
        scene.longitudes[7] = .nan
        scene.latitudes[7] = .nan
        try await write(scene, isSparse: true, to: path)
        let apart = await #expect(throws: NetCDFError.self) { try await LargeProblemFile.read(path) }
        #expect(apart?.line.contains("stand together") == true)
        try await write(Scene(), isSparse: true, to: path, form: "gaussian")
        let form = await #expect(throws: NetCDFError.self) { try await LargeProblemFile.read(path) }
        #expect(form?.line.contains("correlation_form") == true)
    }
}
