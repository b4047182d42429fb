import Inventory
import Quantities
import TestSupport
import Testing

@Suite struct ProportionalFittingTests {
    private func names(_ rows: Int, _ columns: Int) -> (rows: [String], columns: [String]) {
        ((0..<rows).map { "city \($0)" }, (0..<columns).map { "sector \($0)" })
    }

    @Test(arguments: 0..<20) func bothMarginsAreMet(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let (rows, columns) = (7, 5)
        let truth = (0..<35).map { _ in
            Double.random(in: 0...1, using: &generator) < 0.2
                ? 0 : Double.random(in: 1...1000, using: &generator)
        }
        let rowTotals = (0..<rows).map { row in (0..<columns).reduce(0.0) { $0 + truth[row * columns + $1] } }
        let columnTotals = (0..<columns).map { column in
            (0..<rows).reduce(0.0) { $0 + truth[$1 * columns + column] }
        }
        let start = truth.map { $0 == 0 ? 0 : Double.random(in: 0.5...2, using: &generator) }
        let fit = try ProportionalFitting(
            seed: start,
            rowTotals: rowTotals,
            columnTotals: columnTotals,
            names: names(rows, columns)
        )
        let total = rowTotals.reduce(0, +)
        for row in 0..<rows {
            let sum = (0..<columns).reduce(0.0) { $0 + fit.values[row * columns + $1] }
            #expect(abs(sum - rowTotals[row]) < 1e-9 * total)
        }
        for column in 0..<columns {
            let sum = (0..<rows).reduce(0.0) { $0 + fit.values[$1 * columns + column] }
            #expect(abs(sum - columnTotals[column]) < 1e-9 * total)
        }
        #expect(zip(truth, fit.values).allSatisfy { ($0 == 0) == ($1 == 0) })
    }

    @Test func crossRatiosStay() throws {
        let fit = try ProportionalFitting(
            seed: [1, 2, 3, 4],
            rowTotals: [10, 20],
            columnTotals: [12, 18],
            names: names(2, 2)
        )
        let ratio = fit.values[0] * fit.values[3] / (fit.values[1] * fit.values[2])
        #expect(abs(ratio - 4.0 / 6) < 1e-9)
    }

    @Test func zerosThatForbidTheMarginsAreNamed() {
        #expect(throws: FittingError.infeasible(rows: ["city 1"], columns: [])) {
            try ProportionalFitting(
                seed: [1, 1, 0, 0],
                rowTotals: [1, 1],
                columnTotals: [1, 1],
                names: names(2, 2)
            )
        }
        // Both cities need sector 0, which is too small for them.
        #expect(throws: FittingError.infeasible(rows: ["city 0", "city 1"], columns: ["sector 0"])) {
            try ProportionalFitting(
                seed: [1, 0, 1, 0, 1, 1],
                rowTotals: [5, 5, 10],
                columnTotals: [6, 14],
                names: names(3, 2)
            )
        }
        #expect(throws: FittingError.marginsDiffer(rows: 2, columns: 3)) {
            try ProportionalFitting(
                seed: [1, 1, 1, 1],
                rowTotals: [1, 1],
                columnTotals: [1, 2],
                names: names(2, 2)
            )
        }
    }
}

@Suite struct ProxyDownscalingTests {
    @Test func sharesSumToTheParentAndDisagreementIsUncertainty() throws {
        let total = Estimate(mean: 100, standardDeviation: 10)
        let names = ["a", "b"]
        let one = Proxy(name: "capacity", values: ["a": 3, "b": 1])
        let other = Proxy(name: "people", values: ["a": 1, "b": 1])
        let both = try ProxyDownscaling(total: total, children: names, proxies: [one, other])
        #expect(both.children.map(\.amount.mean) == [62.5, 37.5])
        // 10 % of 62.5 and 12.5 of disagreement.
        #expect(
            abs(both.children[0].amount.standardDeviation - (6.25 * 6.25 + 12.5 * 12.5).squareRoot()) < 1e-12
        )
        #expect(throws: DownscalingError.noProxy(proxy: "lights", child: "b")) {
            try ProxyDownscaling(
                total: total,
                children: names,
                proxies: [Proxy(name: "lights", values: ["a": 1])]
            )
        }
        #expect(throws: DownscalingError.emptyProxy("capacity")) {
            try ProxyDownscaling(
                total: total,
                children: names,
                proxies: [Proxy(name: "capacity", values: ["a": 0, "b": 0])]
            )
        }
    }
}
