import Inversion
import TestSupport
import Testing

@Suite struct SeriesDiagnosticsTests {
    /// Four chains of 250 draws of v ← φ v + u, each chain moved by `shift` more than the last.
    private func chains(memory: Double, shift: Double, seed: UInt64) -> [[Double]] {
        var random = SeededGenerator(seed: seed)
        return (0..<4).map { chain in
            var value = 0.0
            return (0..<250).map { _ in
                value = memory * value + random.uniform() - 0.5
                return value + shift * Double(chain)
            }
        }
    }

    private struct Reference {
        let memory: Double
        let shift: Double
        let seed: UInt64
        let rHat: Double
        let bulk: Double
        let tail: Double
        let meanError: Double
    }

    /// By arviz 0.23.4: `rhat(method="rank")`, `ess(method="bulk")`, `ess(method="tail")`, `mcse(method="mean")`.
    private static let references = [
        Reference(
            memory: 0,
            shift: 0,
            seed: 1,
            rHat: 0.9993087094979796,
            bulk: 922.9014216258414,
            tail: 952.3949481701155,
            meanError: 0.009538393957504152
        ),
        Reference(
            memory: 0.9,
            shift: 0,
            seed: 2,
            rHat: 1.078272106615863,
            bulk: 49.10764137709485,
            tail: 113.70831713540771,
            meanError: 0.08595329321937999
        ),
        Reference(
            memory: -0.6,
            shift: 0,
            seed: 3,
            rHat: 1.0014204490460457,
            bulk: 3000,
            tail: 956.7162034071772,
            meanError: 0.006392901081069852
        ),
        Reference(
            memory: 0.5,
            shift: 0.2,
            seed: 4,
            rHat: 1.264563966914303,
            bulk: 12.434440863520958,
            tail: 36.9657260730323,
            meanError: 0.11562883985694056
        ),
    ]

    @Test(arguments: 0..<4) func theyAreThoseOfArviz(index: Int) {
        let reference = Self.references[index]
        let result = SeriesDiagnostics(
            chains: chains(memory: reference.memory, shift: reference.shift, seed: reference.seed)
        )
        #expect(abs(result.rHat / reference.rHat - 1) < 1e-9)
        #expect(abs(result.bulkEffectiveDraws / reference.bulk - 1) < 1e-6)
        #expect(abs(result.tailEffectiveDraws / reference.tail - 1) < 1e-6)
        #expect(abs(result.meanError / reference.meanError - 1) < 1e-6)
    }

    @Test func chainsOfDifferentSpreadDoNotAgree() {
        var series = chains(memory: 0, shift: 0, seed: 7)
        series[3] = series[3].map { 4 * $0 }
        #expect(SeriesDiagnostics(chains: series).rHat > 1.1)
    }

    @Test func aParameterThatNeverMovedIsConstant() {
        let result = SeriesDiagnostics(chains: [[2, 2, 2, 2], [2, 2, 2, 2]])
        #expect(result.isConstant)
        #expect(result.rHat.isNaN)
    }

    @Test func chainsThatAreStuckApartAreSeen() {
        let stuck = SeriesDiagnostics(chains: [[1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2]])
        #expect(!stuck.isConstant)
        #expect(stuck.rHat == .infinity)
    }
}
