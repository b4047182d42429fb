import Inventory
import Testing

@Suite struct KeyCategoryTests {
    private func category(_ name: String, _ tonnes: Double, _ base: Double? = nil, _ percent: Double? = nil)
        -> InventoryCategory
    {
        InventoryCategory(name: name, gas: .co2, tonnes: tonnes, baseTonnes: base, percent95: percent)
    }

    @Test func theLevelIsTheShareOfMagnitudesAndKeyUntilTheThresholdIsReached() {
        let keys = KeyCategories([category("c", 3), category("a", 60), category("b", -35), category("d", 2)])
        #expect(keys.level.map(\.category.name) == ["a", "b", "c", "d"])
        #expect(keys.level.map(\.assessment) == [0.60, 0.35, 0.03, 0.02])
        // 95 % is reached with the second, which is itself needed.
        #expect(keys.level.map(\.isKey) == [true, true, false, false])
        #expect(abs((keys.level.last?.cumulative ?? 0) - 1) < 1e-12)
        #expect(keys.trend.isEmpty && keys.uncertainty.isEmpty)
    }

    /// Equation 4.2 by hand: a rises by 20 %, b falls by 40 %, the removal c grows by 25 %, the total falls by 3.85 %.
    @Test func theTrendIsTheDistanceFromTheTotalsChange() throws {
        let keys = KeyCategories([
            category("a", 120, 100), category("b", 30, 50), category("c", -25, -20),
        ])
        let trend = Dictionary(uniqueKeysWithValues: keys.trend.map { ($0.category.name, $0.assessment) })
        let expected = ["a": 0.14027149321266968, "b": 0.10633484162895929, "c": 0.024886877828054297]
        for (name, value) in expected { #expect(abs(try #require(trend[name]) - value) < 1e-12, "\(name)") }
        #expect(keys.trend.map(\.category.name) == ["a", "b", "c"])
    }

    /// All categories grow alike: what rounding leaves of the difference is no trend.
    @Test func roundingNoiseIsNotKey() {
        let bases = [0.1, 0.7, 12.3, 1e6 / 3]
        let keys = KeyCategories(bases.enumerated().map { category("c\($0)", $1 * 1.1, $1) })
        #expect(keys.trend.count == 4)
        #expect(keys.trend.allSatisfy { $0.assessment == 0 && !$0.isKey })
    }

    /// Equation 4.3.
    @Test func aCategoryWithoutABaseYearCountsByItsLevel() throws {
        let keys = KeyCategories([category("a", 100, 100), category("new", 10, 0)])
        let new = try #require(keys.trend.first { $0.category.name == "new" })
        #expect(abs(new.assessment - 0.1) < 1e-12)
    }

    @Test func uncertaintyChangesTheRanking() {
        let keys = KeyCategories([category("sure", 90, nil, 1), category("unsure", 10, nil, 100)])
        #expect(keys.level.first?.category.name == "sure")
        #expect(keys.uncertainty.first?.category.name == "unsure")
        #expect(abs((keys.uncertainty.first?.share ?? 0) - 0.1 / 0.109) < 1e-12)
        #expect(keys.uncertainty.map(\.isKey) == [true, false])
    }

    @Test func nothingIsKeyOfNothing() {
        #expect(KeyCategories([]).level.isEmpty)
        #expect(KeyCategories([category("a", 0, 0, 0)]).level.allSatisfy { !$0.isKey })
    }
}
