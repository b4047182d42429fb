import TestSupport
import Testing

@testable import Verification

/// First-order autoregressive series with trends; variance, z and p after Hamed and Rao, then score, variance, z, p
/// and tau after trend-free pre-whitening, by pymannkendall 1.4.2.
private let cases: [(values: [Double], hamedRao: [Double], whitened: [Double])] = [
    (
        [
            0, 0.35, 0.01, -0.8, -0.82, -1.36, -0.6, 1.15, 0.39, -0.18, 0.61, 0.97, 0.96, -0.06, 0.24, 1.17,
            -0.29,
            -0.26, -1.67, -1.88, -2.54, -1.31, -1.58, -0.19,
        ],
        [3331.315, -1.0568710087646982, 0.29057046126851094],
        [-59, 1433.6666666666667, -1.5318064703295893, 0.12557019892294274, -0.233201581027668]
    ),
    (
        [
            0.16, -0.06, -2.57, -2.59, -2.12, -1.58, -2.8, -2.72, -3.15, -3.33, -1.6, -2.09, -1.7, -0.48,
            -0.97,
            -0.89, -0.6, -0.41, -1.56, -1.17, 0.42, -1.21, -0.11, 0.03, -0.61, 1.51, 1.97, 0.38, 0.38, 0.88,
        ],
        [2210.221935761091, 4.658286251786671, 3.188526417341464e-06],
        [258, 2842, 4.820821892135528, 1.4296796142510004e-06, 0.6354679802955665]
    ),
    (
        [
            -0.19, 0.86, -0.17, 1.12, 1.51, -0.62, 1.25, -0.02, 1.22, -0.45, 0.96, 0.92, 2.17, 2.06, -0.23,
            1.36,
            2.3, -0.57, 2.25, 1.62,
        ],
        [950, 1.7844356324383879, 0.07435290536856365],
        [43, 817, 1.4693939999367711, 0.1417259538064679, 0.25146198830409355]
    ),
    (
        [1, 1, 0, -1, -1, 0, -1, -2, -1, -2, -2, -3],
        [198.33333333333334, -3.408343691984286, 0.0006535851763234124],
        [-40, 164, -3.0453883568278184, 0.002323800346301308, -0.7272727272727273]
    ),
]

@Suite struct AutocorrelatedTrendTests {
    @Test(arguments: cases.indices)
    func varianceAfterHamedAndRao(index: Int) throws {
        let found = try AutocorrelatedTrend(cases[index].values, method: .hamedRao)
        let numbers = [found.test.variance, found.test.zScore, found.probability.value]
        for (a, b) in zip(numbers, cases[index].hamedRao) { #expect(near(a, b)) }
    }

    @Test(arguments: cases.indices)
    func scoreAfterPreWhitening(index: Int) throws {
        let found = try AutocorrelatedTrend(cases[index].values, method: .trendFreePreWhitening)
        let test = found.test
        let numbers = [
            Double(test.score), test.variance, test.zScore, found.probability.value, test.tau,
        ]
        for (a, b) in zip(numbers, cases[index].whitened) { #expect(near(a, b)) }
    }

    /// A trend-free series of autocorrelation 0.7 is called a trend far too often by the plain test alone.
    @Test func correctedTestsRaiseFewerFalseTrends() throws {
        var raised = [0, 0]
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var state = 0.0
            let values = (0..<30).map { _ in
                state = 0.7 * state + random.normal()
                return state
            }
            if try MannKendall(values).probability.value < 0.05 { raised[0] += 1 }
            if try AutocorrelatedTrend(values, method: .hamedRao).probability.value < 0.05 { raised[1] += 1 }
        }
        #expect(raised[0] > 50)
        #expect(raised[1] < raised[0] * 9 / 10)
    }

    @Test func aConstantOrShortSeriesKeepsThePlainTest() throws {
        for method in AutocorrelatedTrend.Method.allCases {
            let found = try AutocorrelatedTrend([3, 3, 3, 3, 3], method: method)
            #expect(found.probability.value == 1)
            #expect(throws: TrendError.tooShort(count: 3, least: 4)) {
                try AutocorrelatedTrend([1, 2, .nan, 3], method: method)
            }
        }
    }
}
