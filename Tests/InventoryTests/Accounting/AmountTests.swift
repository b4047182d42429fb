import Inventory
import Quantities
import Testing

@Suite struct AmountTests {
    private let here = TablePlace(file: "a.csv", line: 3, column: "unit")

    @Test(arguments: [
        ("10965708", 10_965_708.0), ("１０，９６５，７０８", 10_965_708), ("10,965,708", 10_965_708),
        ("1096.57万", 10_965_700), ("１．２亿", 1.2e8), ("3万亿", 3e12), ("−5", -5), (" 1 234.5 ", 1234.5),
        ("2.5e3", 2500),
    ])
    func numbersOfChineseTables(_ text: String, _ value: Double) throws {
        let number = try #require(try AmountText.number(text))
        #expect(abs(number - value) <= 1e-9 * abs(value))
    }

    @Test(arguments: [
        "1,5", "1,0965,708", "一百", "约5", "5%", "1万2", "0x10", "nan", "inf", "1.000,5", "--", "1e999",
    ])
    func whatIsNoNumberIsNotGuessed(_ text: String) {
        #expect(throws: AmountText.Problem.self) { try AmountText.number(text) }
    }

    @Test func anEmptyTextIsNoNumber() throws {
        #expect(try AmountText.number("　 ") == nil)
    }

    @Test(arguments: [
        ("吨", BasisUnit.tonne, 1.0), ("t", .tonne, 1), ("万吨", .tonne, 1e4), ("亿吨", .tonne, 1e8),
        ("Mt", .tonne, 1e6),
        ("万立方米", .tenThousandCubicMetres, 1), ("10k_m3", .tenThousandCubicMetres, 1),
        ("10k_Nm3", .tenThousandCubicMetres, 1), ("亿立方米", .tenThousandCubicMetres, 1e4),
        ("m³", .tenThousandCubicMetres, 1e-4),
        ("万千瓦时", .kilowattHour, 1e4), ("10k_kWh", .kilowattHour, 1e4), ("亿千瓦时", .kilowattHour, 1e8),
        ("MWh", .kilowattHour, 1e3), ("百万千焦", .gigajoule, 1), ("吉焦", .gigajoule, 1), ("TJ", .gigajoule, 1e3),
        ("吨标准煤", .tonneOfCoalEquivalent, 1), ("万吨标煤", .tonneOfCoalEquivalent, 1e4),
        ("tce", .tonneOfCoalEquivalent, 1),
        ("ｔｃｅ", .tonneOfCoalEquivalent, 1), ("kgce", .tonneOfCoalEquivalent, 1e-3),
    ])
    func unitsOfChineseTables(_ spelling: String, _ basis: BasisUnit, _ factor: Double) throws {
        let unit = try AmountUnit(spelling: spelling, at: here)
        #expect(unit.basis == basis)
        #expect(abs(unit.factor / factor - 1) < 1e-12)
    }

    @Test(arguments: ["万元", "亿元", "USD", "mt", "MT", "标准煤", "箱", ""])
    func whatMeasuresNoActivityIsRefused(_ spelling: String) {
        #expect(throws: AccountingError.self) { try AmountUnit(spelling: spelling, at: here) }
    }

    @Test func moneyIsRefusedWithItsPlaceAndReason() {
        let error = #expect(throws: AccountingError.self) { try AmountUnit(spelling: "万元", at: here) }
        #expect(error?.line.contains("a.csv, line 3, column `unit`") == true)
        #expect(error?.line.contains("money") == true)
    }

    @Test func scopesAreReadInBothLanguages() {
        #expect(StatisticalScope(spelling: "规模以上工业") == .aboveScaleIndustry)
        #expect(StatisticalScope(spelling: "规上综合") == .aboveScaleComprehensive)
        #expect(StatisticalScope(spelling: "Whole Society") == .wholeSociety)
        #expect(StatisticalScope(spelling: "规上") == nil)
        #expect(CarrierUse(spelling: "加工转换") == .transformation)
        #expect(DataQuality(spelling: "self-reported") == .selfReported)
    }

    @Test func periodsAreYearsMonthsOrRanges() {
        #expect(AccountingPeriod("2019年")?.year == 2019)
        #expect(AccountingPeriod("2019-03")?.year == 2019)
        #expect(AccountingPeriod("2019-01-01/2019-06-30")?.year == 2019)
        for text in ["19", "2019-13", "2019-06-30/2019-01-01", "2019/2020-01", "", "2019-02-30"] {
            #expect(AccountingPeriod(text) == nil, "\(text)")
        }
    }

    @Test func aTonneOfStandardCoalIsEnergy() {
        #expect(ActivityAmount<TonneOfCoalEquivalent>(units: 2).gigajoules.units == 58.6152)
        let mass = ActivityAmount<FuelTonne>(units: 10) * EmissionFactor<FuelTonne>(tonnesPerUnit: 1.9)
        #expect(mass.tonnes == 19)
    }
}
