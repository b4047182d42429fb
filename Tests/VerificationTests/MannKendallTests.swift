import Foundation
import TestSupport
import Testing

@testable import Verification

private let derived = "inventory/derived"

/// Score, variance, z, p, tau, slope and intercept by pymannkendall 1.4.2.
private let synthetic: [(name: String, values: [Double], expected: [Double])] = [
    (
        "ties a", [1, 2, 2, 3, 3, 3, 5, 4, 5, 6],
        [
            38, 119.33333333333333, 3.387043997220312, 0.0007065005675843672, 0.8444444444444444, 0.5, 0.75,
        ]
    ),
    (
        "ties b", [10, 10, 10, 10, 9, 9, 9, 8, 8, 7],
        [
            -35, 111.66666666666667, -3.21748951917021, 0.0012931775164104486, -0.7777777777777778,
            -0.3333333333333333, 10.5,
        ]
    ),
    ("constant", [3, 3, 3, 3, 3, 3, 3, 3], [0, 0, 0, 1, 0, 0, 3]),
    (
        "alternating", [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2],
        [6, 156, 0.40032038451271784, 0.6889205558044607, 0.09090909090909091, 0, 1.5]
    ),
    ("short", [4, 3, 2, 1], [-6, 8.666666666666666, -1.6984155512168937, 0.08942935902899363, -1, -1, 4]),
    (
        "decline", [100, 99, 98.5, 97, 96, 96, 94, 93],
        [-27, 64.33333333333333, -3.241569376201193, 0.0011887349631505284, -0.9642857142857143, -1, 100]
    ),
]

private func statistics(_ values: [Double]) throws -> [Double] {
    let test = try MannKendall(values)
    let slope = try SenSlope(values)
    return [
        Double(test.score), test.variance, test.zScore, try #require(test.probability(.normal)).value,
        test.tau,
        slope.slope, slope.intercept,
    ]
}

@Suite struct MannKendallTests {
    @Test(arguments: synthetic.indices)
    func agreesWithTheReferenceOnTies(index: Int) throws {
        let found = try statistics(synthetic[index].values)
        for (a, b) in zip(found, synthetic[index].expected) {
            #expect(near(a, b), "\(synthetic[index].name)")
        }
    }

    @Test(.enabled(if: Places.shared("\(derived)/ceads_province_totals_1997_2019.csv") != nil))
    func agreesWithTheReferenceOnProvinces() throws {
        let totals = try OracleTable("\(derived)/ceads_province_totals_1997_2019.csv").rows
        let columns = ["s", "var_s", "z", "p", "tau", "sen_slope", "sen_intercept"]
        var compared = 0
        for row in try OracleTable("\(derived)/mk_oracle_pymannkendall.csv").rows {
            let first = try #require(Int(row["year_first"] ?? ""))
            let series = totals.filter {
                $0["province_zh"] == row["series"] && (Int($0["year"] ?? "") ?? 0) >= first
            }
            guard !series.isEmpty else { continue }
            let values = series.sorted { ($0["year"] ?? "") < ($1["year"] ?? "") }
                .compactMap { Double($0["co2_total_mt"] ?? "") }
            for (found, column) in zip(try statistics(values), columns) {
                let expected = try #require(Double(row[column] ?? ""))
                #expect(near(found, expected), "\(row["series"] ?? "") \(column)")
            }
            compared += 1
        }
        #expect(compared == 90)
    }

    @Test(
        arguments: [
            (4, [6, nil, nil]), (5, [8, 10, nil]), (6, [11, 13, 15]), (7, [13, 15, 19]), (8, [16, 18, 22]),
            (9, [18, 20, 26]), (10, [21, 23, 29]), (11, [23, 27, 33]), (12, [26, 30, 38]),
        ] as [(Int, [Int?])]
    )
    func criticalScoresAreThoseOfTheEnumeration(count: Int, expected: [Int?]) {
        let distribution = ScoreDistribution(groups: Array(repeating: 1, count: count))
        #expect([0.1, 0.05, 0.01].map(distribution.criticalScore) == expected)
    }

    @Test func exactProbabilitiesOfEight() {
        let distribution = ScoreDistribution(groups: Array(repeating: 1, count: 8))
        for (score, probability) in [(14, 0.109), (16, 0.061), (18, 0.031), (20, 0.014), (22, 0.0055)] {
            #expect(abs(distribution.probability(ofAtLeast: score) - probability) < 6e-4)
        }
    }

    /// Every order of a multiset counted.
    @Test(arguments: [[2, 1, 3], [1, 1, 4], [2, 2, 2], [6], [1, 2, 1, 1, 1]])
    func tiesAreEnumeratedExactly(groups: [Int]) throws {
        let values = groups.enumerated().flatMap { Array(repeating: Double($0), count: $1) }
        var counts: [Int: Int] = [:]
        permutations(values) { order in
            var score = 0
            for i in order.indices {
                for j in 0..<i { score += (order[i] > order[j] ? 1 : order[i] < order[j] ? -1 : 0) }
            }
            counts[score, default: 0] += 1
        }
        let all = Double(counts.values.reduce(0, +))
        let distribution = ScoreDistribution(groups: groups)
        for score in counts.keys {
            let expected = Double(counts.filter { abs($0.key) >= abs(score) }.values.reduce(0, +)) / all
            #expect(abs(distribution.probability(ofAtLeast: score) - expected) < 1e-12)
        }
    }

    @Test func exactAndNormalVarianceAgree() {
        for groups in [[1, 1, 1, 1, 1, 1, 1, 1], [3, 1, 4, 2], [5, 5, 5]] {
            let distribution = ScoreDistribution(groups: groups)
            let pairs = Double(distribution.probabilities.count - 1)
            let variance = distribution.probabilities.enumerated().reduce(0) {
                $0 + $1.element * (pairs - 2 * Double($1.offset)) * (pairs - 2 * Double($1.offset))
            }
            let values = groups.enumerated().flatMap { Array(repeating: Double($0), count: $1) }
            #expect(near(MannKendall(present: values).variance, variance))
        }
    }

    @Test func theNullThatWasUsedIsNamed() throws {
        let values = (0..<41).map { Double(($0 * 17) % 41) }
        #expect(try MannKendall(Array(values.prefix(40))).probability.null == .exact)
        #expect(try MannKendall(values).probability.null == .normal)
        #expect(try MannKendall(values).probability(.exact) == nil)
        let both = try MannKendall(Array(values.prefix(40)))
        #expect(abs(try #require(both.probability(.normal)).value - both.probability.value) < 2e-3)
    }

    @Test func missingValuesAreSkippedAndBadOnesRefused() throws {
        #expect(try MannKendall([1, .nan, 2, 3]) == MannKendall([1, 2, 3]))
        #expect(throws: TrendError.tooShort(count: 2, least: 3)) { try MannKendall([1, 2, .nan]) }
        #expect(throws: TrendError.notFinite(index: 1)) { try MannKendall([1, .infinity, 2, 3]) }
        #expect(throws: TrendError.self) { try MannKendall([]) }
    }
}

func permutations(_ values: [Double], _ body: ([Double]) -> Void) {
    var values = values
    func step(_ count: Int) {
        if count <= 1 { return body(values) }
        for index in 0..<count {
            values.swapAt(index, count - 1)
            step(count - 1)
            values.swapAt(index, count - 1)
        }
    }
    step(values.count)
}
