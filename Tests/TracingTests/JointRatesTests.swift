import LinearAlgebra
import TestSupport
import Testing

@testable import Tracing

/// Least squares with rates that are not negative.
@Suite struct JointRatesTests {
    private func data(_ enhancements: [Double], deviation: Double = 0.01) -> EventData {
        let rows = enhancements.count
        return EventData(
            enhancements: enhancements,
            deviations: [Double](repeating: deviation, count: rows),
            windows: stride(from: 0, to: rows, by: 2).map { $0..<min($0 + 2, rows) },
            sensors: (0..<rows).map { $0 % 2 }
        )
    }

    private func column(_ values: [Double]) -> [Sensitivity] { values.map { Sensitivity(centre: $0) } }

    @Test func ratesThatMadeTheReadingsComeBack() {
        let first = [0.5, 0.1, 0.02, 0.4, 0, 0.3], second = [0.05, 0.3, 0.6, 0, 0.2, 0.1]
        let made = zip(first, second).map { 2.5 * $0 + 0.75 * $1 }
        let found = JointRates(data(made), [column(first), column(second)], scatter: 0, independentShare: 1)
        #expect(abs(found.rates[0] - 2.5) < 1e-9)
        #expect(abs(found.rates[1] - 0.75) < 1e-9)
        #expect(found.degreesOfFreedom > 1.99)
        #expect(found.residualScale < 1e-6)
    }

    /// By hand: a single source of sensitivity 2 in four readings of 0.1 ppm has a standard deviation of 0.1 / 4.
    @Test func theStandardDeviationIsThatOfLeastSquares() {
        let found = JointRates(
            data([2.1, 1.9, 2, 2], deviation: 0.1),
            [column([2, 2, 2, 2])],
            scatter: 0,
            independentShare: 1
        )
        #expect(abs(found.rates[0] - 1) < 1e-12)
        #expect(abs(found.standardDeviation(0) - 0.025) < 1e-12)
        #expect(found.condition == 1)
    }

    @Test func aSourceThatWouldHaveToTakeUpGasStaysZero() {
        let found = JointRates(
            data([1, -0.5, 1, -0.5]),
            [column([1, 0, 1, 0]), column([0, 1, 0, 1])],
            scatter: 0,
            independentShare: 1
        )
        #expect(found.rates == [1, 0])
        #expect(found.covariance[3] == 0)
        #expect(found.standardDeviation(1) > 0)
    }

    @Test func sourcesThatLookAlikeHaveNoCondition() {
        let found = JointRates(
            data([1, 2, 1, 2]),
            [column([1, 2, 1, 2]), column([1, 2, 1, 2])],
            scatter: 0,
            independentShare: 1
        )
        #expect(found.condition == .infinity)
        #expect(found.degreesOfFreedom < 1.01)
        #expect(abs(found.rates.reduce(0, +) - 1) < 1e-9)
    }

    /// The conditions of Karush, Kuhn and Tucker, for random problems.
    @Test(arguments: 0..<200) func theSolutionIsTheLeast(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let (rows, count) = (12, 1 + seed % 8)
        var design = Matrix(rows: rows, columns: count)
        for place in design.storage.indices { design.storage[place] = generator.normal() }
        let values = (0..<rows).map { _ in generator.normal() }
        let matrix = design.transposedTimes(design)
        let right = design.transposedTimes(values)
        let found = nonNegativeSolution(matrix, right)
        let gradient = zip(right, matrix.times(found)).map { $0 - $1 }
        for (rate, slope) in zip(found, gradient) {
            #expect(rate >= 0)
            #expect(rate > 0 ? abs(slope) < 1e-9 : slope < 1e-9)
        }
    }

    /// By hand: of seven pairs four go together and three do not, a correlation of 1/7, and (1 - r) / (1 + r) is 3/4.
    @Test func windowsThatFollowEachOtherCountLess() throws {
        let data = EventData(
            enhancements: [1, 1, -1, -1, 1, 1, -1, -1],
            deviations: [Double](repeating: 1, count: 8),
            windows: (0..<8).map { $0..<($0 + 1) },
            sensors: [Int](repeating: 0, count: 8)
        )
        var likelihood = RateLikelihood(data: data, scatter: 0)
        let nothing = [Sensitivity](repeating: Sensitivity(), count: 8)
        likelihood.findIndependentShare(rate: 1, nothing)
        #expect(abs(likelihood.independentShare - 0.75) < 1e-12)

        let column = column([0.1, 0.2, 0.1, 0, 0.3, 0.1, 0, 0])
        let settings = Site(minutes: 1).settings
        let turned = TurnedColumn(turns: [column], logWeights: [0])
        let evidence = EventEvidence(data, [turned], settings)
        let curve = try #require(evidence.curves.first)
        #expect(evidence.independentShare < 1)
        let free = RateLikelihood(data: data, scatter: settings.scatter)
        let rates = evidence.grid.rates
        for index in stride(from: 0, to: rates.count, by: 40) {
            let whole = free.logLikelihood(rate: rates[index], column)
            #expect(abs(curve[index] - evidence.independentShare * whole) < 1e-9)
        }
    }

    /// The two parts of the error of the wind against the inverse of the full matrix.
    @Test func theCovarianceOfAWindowIsInvertedExactly() throws {
        let predicted = [
            Sensitivity(centre: 1, odd: 0.4, even: -0.2), Sensitivity(centre: 0.3, odd: -0.1, even: 0.3),
            Sensitivity(centre: 2, odd: 0.7, even: 0.1),
        ]
        let data = EventData(
            enhancements: [1, 2, 3],
            deviations: [0.1, 0.2, 0.3],
            windows: [0..<3],
            sensors: [0, 1, 2]
        )
        var full = Matrix(rows: 3, columns: 3)
        for one in 0..<3 {
            for other in 0..<3 {
                let (u, v) = (predicted[one].parts, predicted[other].parts)
                full[one, other] = u.0 * v.0 + u.1 * v.1
            }
            let model = 0.7 * predicted[one].mean
            full[one, one] += data.deviations[one] * data.deviations[one] + model * model
        }
        let factor = try Cholesky(factoring: full)
        let covariance = WindowCovariance(data, 0..<3, predicted, scatter: 0.7)
        let x = [1.0, -2, 0.5], y = [0.3, 0.8, -1]
        let direct = zip(x, factor.solve(y)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(covariance.product(x[...], y[...]) - direct) < 1e-12)
        #expect(abs(covariance.logDeterminant - factor.logDeterminant) < 1e-12)
        let rate = 1.7
        let likelihood = RateLikelihood(data: data, scatter: 0.7)
        let scaled = predicted.map { $0.scaled(by: rate) }
        let same = WindowCovariance(data, 0..<3, scaled, scatter: 0.7)
        let residual = zip(data.enhancements, scaled).map { $0 - $1.mean }
        let misfit = likelihood.misfit(rate: rate, predicted)
        #expect(abs(misfit.chiSquared - same.product(residual[...], residual[...])) < 1e-10)
        #expect(abs(misfit.logDeterminant - same.logDeterminant) < 1e-12)
    }
}
