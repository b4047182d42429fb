import Quantities
import TestSupport
import Testing

@testable import Verification

private let year = Period(start: Instant(microseconds: 0), end: Instant(microseconds: 31_536_000_000_000))
private let month = Period(start: Instant(microseconds: 0), end: Instant(microseconds: 2_678_400_000_000))

private func figure(
    _ mean: Double,
    _ sigma: Double,
    _ parts: Set<ScopePart> = [],
    gas: Gas = .co2,
    territory: String = "CN-BJ",
    period: Period = year,
    unit: LocalizedName = "Mt"
) -> ScopedFigure {
    let scope = Scope(gas: gas, territory: territory, period: period, parts: parts)
    return ScopedFigure(
        figure: Estimate(mean: mean, standardDeviation: sigma),
        unit: unit,
        scope: scope,
        source: "table 1"
    )
}

private func amount(_ mean: Double, _ sigma: Double) -> Estimate {
    Estimate(mean: mean, standardDeviation: sigma)
}

private func error(_ body: () throws(ScopeError) -> Void) -> ScopeError? {
    do throws(ScopeError) {
        try body()
        return nil
    } catch { return error }
}

@Suite struct ScopeTests {
    @Test func everyStepChangesFigureUncertaintyAndLog() throws {
        let steps: [AlignmentStep] = [
            .remove(.biogenicFlux, amount(20, 4), error: .independent, source: "biosphere model"),
            .add(.cementProcess, amount(5, 0), error: .independent, source: "table 2"),
            .period(month, ratio: amount(0.1, 0.01), source: "profiles"),
            .territory("CN-BJ-urban", fraction: amount(0.5, 0), source: "mask"),
        ]
        let found = try figure(100, 3, [.biogenicFlux]).aligned(by: steps)
        #expect(found.log.map(\.number) == [1, 2, 3, 4])
        #expect(found.log[0].after == amount(80, 5))
        #expect(found.log[1].after == amount(85, 5))
        #expect(near(found.log[2].after.mean, 8.5))
        #expect(near(found.log[2].after.standardDeviation, (0.25 + 0.7225 + 0.0025).squareRoot()))
        #expect(near(found.figure.mean, 4.25))
        #expect(found.scope.parts == [.cementProcess])
        #expect(found.scope.territory == "CN-BJ-urban" && found.scope.period == month)
        #expect(zip(found.log, found.log.dropFirst()).allSatisfy { $0.after == $1.before })
    }

    /// A term taken out of the sum it belongs to leaves with its error; the rest has that of the other terms.
    @Test func aTermLeavesWithItsError() throws {
        let total = figure(100, 5, [.cementProcess])
        let rest = try total.aligned(by: [
            .remove(.cementProcess, amount(30, 3), error: .withinFigure, source: "")
        ])
        #expect(rest.figure == amount(70, 4))
        let again = try rest.aligned(by: [
            .add(.cementProcess, amount(30, 3), error: .withinFigure, source: "")
        ])
        #expect(again.figure == amount(100, 5))
        let tooSure = error { () throws(ScopeError) in
            _ = try total.aligned(by: [
                .remove(.cementProcess, amount(30, 6), error: .withinFigure, source: "")
            ])
        }
        #expect(tooSure == .unusable("the part is less certain than the figure it is a term of", step: 1))
    }

    /// What a term leaves of an uncertainty that is not known is not known either, and no contradiction.
    @Test func anUnknownUncertaintyStaysUnknown() throws {
        let rest = try figure(100, .nan, [.cementProcess]).aligned(by: [
            .remove(.cementProcess, amount(30, 3), error: .withinFigure, source: "")
        ])
        #expect(rest.figure.mean == 70 && rest.figure.standardDeviation.isNaN)
        let line = rest.log[0].line(.english, unit: "kt")
        #expect(line.contains("70.0 ± ? kt") && !line.contains("nan"), "\(line)")
    }

    @Test func nothingIsRemovedTwiceOrCountedTwice() {
        let removal = AlignmentStep.remove(.landUse, amount(1, 1), error: .independent, source: "")
        let addition = AlignmentStep.add(.landUse, amount(1, 1), error: .independent, source: "")
        #expect(
            error { () throws(ScopeError) in _ = try figure(9, 1).aligned(by: [addition, removal, removal]) }
                == .alreadyWithout(.landUse, step: 3)
        )
        #expect(
            error { () throws(ScopeError) in _ = try figure(9, 1).aligned(by: [addition, addition]) }
                == .alreadyWith(.landUse, step: 2)
        )
    }

    @Test func unusableAmountsAreRefused() {
        let bad: [AlignmentStep] = [
            .add(.landUse, amount(.nan, 1), error: .independent, source: ""),
            .add(.landUse, amount(1, -1), error: .independent, source: ""),
            .add(.landUse, amount(1, 1), error: .correlated(1.1), source: ""),
            .period(month, ratio: amount(-1, 0), source: ""),
            .territory("x", fraction: amount(1.01, 0), source: ""),
            .accept(.landUse, counted: true, uncertainty: .infinity, reason: "small"),
        ]
        for step in bad {
            #expect(error { () throws(ScopeError) in _ = try figure(9, 1).aligned(by: [step]) } != nil)
        }
    }

    @Test func whatIsNotAlignedIsNotCompared() throws {
        func compare(_ inventory: ScopedFigure) throws(ScopeError) -> AlignedComparison {
            try AlignedComparison(
                region: "r",
                inventory: inventory,
                prior: figure(100, 50),
                posterior: figure(120, 10),
                inventoryIsPrior: false
            )
        }
        #expect(try compare(figure(100, 5)).comparison.zScore > 1.7)
        let others = [
            (figure(100, 5, gas: .ch4), "gas ch4 and co2"),
            (figure(1, 1, territory: "x"), "territory x and CN-BJ"),
            (figure(1, 1, [.landUse]), "land use, land-use change and forestry in one of them only"),
            (figure(1, 1, unit: "kt"), "unit kt and Mt"),
        ]
        for (other, words) in others {
            #expect(error { () throws(ScopeError) in _ = try compare(other) } == .unaligned([words]))
        }
        #expect(error { () throws(ScopeError) in _ = try compare(figure(1, 1, period: month)) } != nil)
        let accepted = try figure(100, 3, [.landUse]).aligned(by: [
            .accept(.landUse, counted: false, uncertainty: 4, reason: "below 1 %")
        ])
        let made = try compare(accepted)
        #expect(made.comparison.inventory == amount(100, 5))
        #expect(made.inventoryLog.count == 1 && made.topDownLog.isEmpty)
    }

    @Test(arguments: [
        (70.3333, 4.1234, "70.3 ± 4.1"), (12_345.6, 678, "12346 ± 678"),
        (0.001234, 0.0000567, "0.001234 ± 5.7e-05"),
        (1730, 114.02, "1730 ± 114"),
        (5, 0, "5.0 ± 0.0"), (-1.26, 0.5, "-1.26 ± 0.5"), (.nan, 1, "nan ± 1.0"),
        (1e300, 1e298, "1e+300 ± 1e+298"),
    ])
    func figuresAreAsLongAsTheyAreSure(mean: Double, sigma: Double, expected: String) {
        #expect(amount(mean, sigma).significantText == expected)
    }

    @Test func linesOfTheLogInBothLanguages() throws {
        let found = try figure(100, 5, [.internationalBunkers]).aligned(by: [
            .remove(.internationalBunkers, amount(30, 3), error: .withinFigure, source: "table 3")
        ])
        #expect(
            found.log[0].line(.english, unit: found.unit)
                == "1. without international bunkers: 100.0 ± 5.0 Mt → 70.0 ± 4.0 Mt (source: table 3)"
        )
        #expect(
            found.log[0].line(.chinese, unit: found.unit)
                == "1. 剔除国际航空航海燃料: 100.0 ± 5.0 Mt → 70.0 ± 4.0 Mt（来源：table 3）"
        )
    }
}

private let nationalTable = "inventory/derived/ceads_provinces_vs_national.csv"

@Suite struct FamilyConsistencyTests {
    @Test(.enabled(if: Places.shared(nationalTable) != nil))
    func provincesExceedTheNation() throws {
        let totals = try OracleTable("inventory/derived/ceads_province_totals_1997_2019.csv").rows
        for row in try OracleTable(nationalTable).rows {
            let children = totals.filter { $0["year"] == row["year"] }.map {
                (name: $0["iso_3166_2"] ?? "", figure: amount(Double($0["co2_total_mt"] ?? "") ?? .nan, 0))
            }
            let parent = amount(Double(row["national"] ?? "") ?? .nan, 0)
            let found = FamilyConsistency(parent: parent, children: children)
            #expect(abs(found.ratio.mean - (Double(row["ratio"] ?? "") ?? .nan)) < 5.1e-5)
            #expect((found.judgement == .beyond) == (found.ratio.mean > 1.05))
            if row["year"] == "2019" { #expect(abs(found.sum.mean - 10_864.4) < 0.05) }
        }
    }

    @Test func judgementsOfTheRatio() {
        func judge(_ parent: Estimate, _ children: [Estimate], correlation: Double = 0) -> FamilyConsistency {
            FamilyConsistency(
                parent: parent,
                children: children.enumerated().map { ("\($0)", $1) },
                correlation: correlation
            )
        }
        #expect(judge(amount(100, 1), [amount(60, 1), amount(44, 1)]).judgement == .withinTolerance)
        #expect(judge(amount(100, 4), [amount(60, 1), amount(51, 1)]).judgement == .withinUncertainty)
        #expect(judge(amount(100, 1), [amount(60, 1), amount(51, 1)]).judgement == .beyond)
        #expect(
            judge(amount(100, 1), [amount(60, 3), amount(51, 3)], correlation: 1).sum.standardDeviation == 6
        )
        #expect(judge(amount(0, 1), [amount(60, 1)]).judgement == .notComparable)
        let holed = judge(amount(100, 1), [amount(60, 1), amount(.nan, 1)])
        #expect(holed.judgement == .notComparable && holed.missing == ["1"])
    }
}
