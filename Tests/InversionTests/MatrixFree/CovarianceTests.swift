import Foundation
import Inversion
import LinearAlgebra
import TestSupport
import Testing

/// The matrices that structured correlations stand for, element by element.
@Suite struct CovarianceTests {
    private let axis = [0.0, 0.4, 1.5, 1.7, 3.0, 7.5]

    private func matrix(_ count: Int, _ element: (Int, Int) -> Double) -> Matrix {
        var result = Matrix(rows: count, columns: count)
        for row in 0..<count { for column in 0..<count { result[row, column] = element(row, column) } }
        return result
    }

    /// L Lᵀ and L column by column; also that Lᵀ is the transpose of L.
    private func dense(_ prior: any PriorCovariance) async throws -> Matrix {
        var root = Matrix(rows: prior.count, columns: prior.controlCount)
        for column in 0..<prior.controlCount {
            var unit = [Double](repeating: 0, count: prior.controlCount)
            unit[column] = 1
            for (row, value) in (await prior.applyRoot(unit)).enumerated() { root[row, column] = value }
        }
        var product = Matrix(rows: prior.count, columns: prior.count)
        for column in 0..<prior.count {
            var unit = [Double](repeating: 0, count: prior.count)
            unit[column] = 1
            let transposed = await prior.applyTransposedRoot(unit)
            #expect(distance(transposed, root.rows(column..<(column + 1)).storage) < 1e-14)
            for (row, value) in (await prior.apply(unit)).enumerated() { product[row, column] = value }
        }
        #expect(distance(product.storage, root.timesTransposed(root).storage) < 1e-13)
        return product
    }

    private func dense(_ factor: any CorrelationFactor) async throws -> Matrix {
        let ones = [Double](repeating: 1, count: factor.count)
        return try await dense(ScaledCovariance(sigma: ones, correlation: factor))
    }

    private func kronecker(_ one: Matrix, _ other: Matrix) -> Matrix {
        matrix(one.rows * other.rows) { row, column in
            one[row / other.rows, column / other.rows] * other[row % other.rows, column % other.rows]
        }
    }

    @Test func theExponentialAxisIsExact() async throws {
        let factor = try ExponentialAxis(coordinates: axis, length: 2)
        let expected = matrix(axis.count) { exp(-abs(axis[$0] - axis[$1]) / 2) }
        #expect(distance(try await dense(factor).storage, expected.storage) < 1e-14)
        let alone = try ExponentialAxis(count: 1, step: 1, length: 3)
        #expect(try await dense(alone).storage == [1])
    }

    @Test(arguments: [
        CorrelationKernel.exponential(length: 2), .matern32(length: 2), .matern52(length: 2),
    ]) func denseKernelsAreTheirMatrices(kernel: CorrelationKernel) async throws {
        let factor = try DenseCorrelation(coordinates: axis, kernel: kernel)
        let expected = matrix(axis.count) { kernel.correlation(at: axis[$0] - axis[$1]) }
        #expect(distance(try await dense(factor).storage, expected.storage) < 1e-12)
    }

    /// Besides the values at s = 1: e⁻¹, 2 e⁻¹ and 7/3 e⁻¹.
    @Test func kernelsHaveTheirClosedForms() {
        let kernels: [(CorrelationKernel, Double, Double)] = [
            (.exponential(length: 3), 3, 1), (.matern32(length: 3), 3 / 3.0.squareRoot(), 2),
            (.matern52(length: 3), 3 / 5.0.squareRoot(), 7.0 / 3),
        ]
        for (kernel, place, factor) in kernels {
            #expect(kernel.correlation(at: 0) == 1)
            #expect(abs(kernel.correlation(at: place) - factor * exp(-1)) < 1e-15)
            #expect(kernel.correlation(at: -place) == kernel.correlation(at: place))
        }
    }

    @Test func aSmoothKernelOnAFineAxisHasARootAllTheSame() async throws {
        let fine = (0..<60).map { Double($0) * 0.001 }
        let factor = try DenseCorrelation(coordinates: fine, kernel: .matern52(length: 50))
        let expected = matrix(60) {
            CorrelationKernel.matern52(length: 50).correlation(at: fine[$0] - fine[$1])
        }
        #expect(distance(try await dense(factor).storage, expected.storage) < 1e-12)
    }

    @Test func theKroneckerProductIsNeverFormedButRight() async throws {
        let sectors = Matrix(rows: 3, columns: 3, storage: [1, 0.5, -0.2, 0.5, 1, 0.1, -0.2, 0.1, 1])
        let sector = try DenseCorrelation(sectors)
        let period = try ExponentialAxis(count: 4, step: 1, length: 1.5)
        let space = try DenseCorrelation(coordinates: axis, kernel: .matern32(length: 1))
        var random = SeededGenerator(seed: 3)
        let sigma = (0..<72).map { _ in 0.1 + random.uniform() }
        let prior = try ScaledCovariance(sigma: sigma, sector: sector, period: period, space: space)
        let correlation = kronecker(
            sectors,
            kronecker(try await dense(period), try await dense(space))
        )
        let expected = matrix(72) { sigma[$0] * correlation[$0, $1] * sigma[$1] }
        #expect(distance(try await dense(prior).storage, expected.storage) < 1e-12)
        #expect(prior.sigma == sigma)
    }

    @Test func landAndSeaDoNotKnowEachOther() async throws {
        let base = try ProductCorrelation([
            ExponentialAxis(count: 3, step: 1, length: 2), ExponentialAxis(count: 4, step: 1, length: 3),
        ])
        let classes = [5, 5, 9, 9, 5, 9, 9, 5, 9, 9, 9, 5]
        let masked = try MaskedCorrelation(base, classes: classes)
        let full = try await dense(base)
        let expected = matrix(12) { classes[$0] == classes[$1] ? full[$0, $1] : 0 }
        #expect(distance(try await dense(masked).storage, expected.storage) < 1e-13)
        // Also as a factor in the middle of a product.
        let sector = try DenseCorrelation(Matrix(rows: 2, columns: 2, storage: [1, 0.6, 0.6, 1]))
        let nested = try ProductCorrelation([sector, masked, ExponentialAxis(count: 2, step: 1, length: 1)])
        let outer = kronecker(
            kronecker(try await dense(sector), expected),
            matrix(2) { exp(-abs(Double($0 - $1))) }
        )
        #expect(distance(try await dense(nested).storage, outer.storage) < 1e-13)
    }

    /// Three classes in a grid, as a product that is never formed and in full.
    @Test(arguments: [0, 0.25, 0.9]) func classesShareAPartOfTheirCorrelation(between: Double) async throws {
        let base = try ProductCorrelation([
            ExponentialAxis(count: 2, step: 1, length: 4),
            IsotropicGridCorrelation(
                rows: 2,
                columns: 3,
                rowStep: 1,
                columnStep: 2,
                kernel: .matern32(length: 3)
            ),
        ])
        let classes = [0, 1, 1, 7, 0, 1, 1, 0, 7, 7, 1, 0]
        let masked = try MaskedCorrelation(base, classes: classes, between: between)
        let full = try await dense(base)
        let expected = matrix(12) { full[$0, $1] * (classes[$0] == classes[$1] ? 1 : between) }
        #expect(distance(try await dense(masked).storage, expected.storage) < 1e-12)
        #expect(masked.controlCount == 3 * base.controlCount)
        for bad in [1, -0.1, .nan] {
            #expect(throws: InversionError.outOfRange("correlation between classes", index: 0)) {
                try MaskedCorrelation(base, classes: classes, between: bad)
            }
        }
    }

    @Test func aRegionIsCutFromAGrid() async throws {
        let base = try ProductCorrelation([
            ExponentialAxis(count: 3, step: 1, length: 2), ExponentialAxis(count: 3, step: 2, length: 3),
        ])
        let members = [0, 1, 4, 8, 5]
        let region = try SelectedCorrelation(base, members: members)
        let full = try await dense(base)
        let expected = matrix(5) { full[members[$0], members[$1]] }
        #expect(distance(try await dense(region).storage, expected.storage) < 1e-13)
    }

    @Test(arguments: [
        CorrelationKernel.exponential(length: 1.2), .matern32(length: 1.1), .matern52(length: 1),
    ]) func theIsotropicGridKnowsTheStraightDistance(kernel: CorrelationKernel) async throws {
        let grid = try IsotropicGridCorrelation(
            rows: 3,
            columns: 5,
            rowStep: 0.8,
            columnStep: 1.3,
            kernel: kernel
        )
        let distances = matrix(15) { one, other in
            hypot(Double(one / 5 - other / 5) * 0.8, Double(one % 5 - other % 5) * 1.3)
        }
        let expected = matrix(15) { kernel.correlation(at: distances[$0, $1]) }
        var random = SeededGenerator(seed: 2)
        for (outer, inner) in [(1, 1), (3, 1), (1, 4), (2, 3)] {
            let block = (0..<(outer * 15 * inner)).map { _ in random.normal() }
            let control = await grid.applyTransposedRoot(block, outer: outer, inner: inner)
            let product = await grid.applyRoot(control, outer: outer, inner: inner)
            for slab in 0..<outer {
                for layer in 0..<inner {
                    let part = (0..<15).map { block[(slab * 15 + $0) * inner + layer] }
                    let mapped = (0..<15).map { product[(slab * 15 + $0) * inner + layer] }
                    #expect(distance(mapped, expected.times(part)) < 1e-12)
                }
            }
            // The transpose of the root: a.(L v) = (L' a).v
            let other = control.map { _ in random.normal() }
            let image = await grid.applyRoot(other, outer: outer, inner: inner)
            let (one, two) = (zip(image, block).map(*), zip(other, control).map(*))
            #expect(abs(one.reduce(0, +) - two.reduce(0, +)) < 1e-11)
        }
    }

    @Test func aKernelFarWiderThanItsGridIsRefused() throws {
        #expect(throws: InversionError.self) {
            try IsotropicGridCorrelation(
                rows: 2,
                columns: 2,
                rowStep: 1,
                columnStep: 1,
                kernel: .matern52(length: 100)
            )
        }
    }

    @Test func blocksStandBesideEachOther() async throws {
        let field = try ScaledCovariance(
            sigma: [1, 2, 3],
            correlation: ExponentialAxis(count: 3, step: 1, length: 1)
        )
        let full = Matrix(rows: 2, columns: 2, storage: [4, 1, 1, 9])
        let prior = try BlockCovariance([
            field, DenseCovariance(.covariance(full)), ScaledCovariance(independent: [0.5]),
        ])
        let result = try await dense(prior)
        #expect(distance(prior.sigma, [1, 2, 3, 2, 3, 0.5]) < 1e-15)
        let expected = matrix(6) { row, column in
            switch (row, column) {
            case (0..<3, 0..<3): Double((row + 1) * (column + 1)) * exp(-abs(Double(row - column)))
            case (3..<5, 3..<5): full[row - 3, column - 3]
            case (5, 5): 0.25
            default: 0
            }
        }
        #expect(distance(result.storage, expected.storage) < 1e-13)
    }

    @Test func impossibleCorrelationsAreNamed() throws {
        func error(_ body: () throws -> Void) -> InversionError? {
            do { try body() } catch { return error as? InversionError }
            return nil
        }
        let axis = try ExponentialAxis(count: 3, step: 1, length: 1)
        #expect(
            error { _ = try ExponentialAxis(coordinates: [0, 1, 1], length: 1) }
                == .outOfRange("coordinates", index: 2)
        )
        #expect(
            error { _ = try ExponentialAxis(coordinates: [0, .nan], length: 1) }
                == .notFinite("coordinates", index: 1)
        )
        #expect(
            error { _ = try ExponentialAxis(coordinates: [0, 1], length: 0) }
                == .notPositive("correlation length", index: 0, value: 0)
        )
        #expect(error { _ = try ExponentialAxis(count: 0, step: 1, length: 1) } == .empty("correlation"))
        let indefinite = Matrix(rows: 3, columns: 3, storage: [1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1])
        #expect(
            error { _ = try DenseCorrelation(indefinite) }
                == .algebra("prior correlation", .notPositiveDefinite(order: 3))
        )
        #expect(
            error { _ = try DenseCorrelation(Matrix(diagonal: [1, 2])) }
                == .outOfRange("diagonal of prior correlation", index: 1)
        )
        #expect(
            error { _ = try DenseCorrelation(count: 1 << 30, kernel: .matern32(length: 1)) { _, _ in 1 } }
                == .algebra("prior correlation", .tooLarge(rows: 1 << 30, columns: 1 << 30))
        )
        #expect(
            error { _ = try MaskedCorrelation(axis, classes: [0, 1]) }
                == .wrongLength(of: "classes", expected: 3, actual: 2)
        )
        #expect(
            error { _ = try SelectedCorrelation(axis, members: [0, 3]) }
                == .outOfRange("members", index: 1)
        )
        #expect(
            error { _ = try SelectedCorrelation(axis, members: [1, 1]) }
                == .duplicate("members", index: 1)
        )
        #expect(
            error { _ = try ScaledCovariance(sigma: [1, 0, 1], correlation: axis) }
                == .notPositive("prior_sigma", index: 1, value: 0)
        )
        #expect(
            error { _ = try ScaledCovariance(sigma: [1], correlation: axis) }
                == .wrongLength(of: "prior_sigma", expected: 3, actual: 1)
        )
    }
}
