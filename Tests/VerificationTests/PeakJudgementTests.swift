import Quantities
import TestSupport
import Testing

@testable import Verification

private let folder = "inventory/derived"

private func level(_ test: MannKendall) -> String {
    let significance = TrendSignificance(probability: test.probability(.normal)?.value ?? .nan)
    if significance == .none { return test.zScore < 0 ? "down_not_sig" : "up_not_sig" }
    return (test.zScore < 0 ? "sig_down_" : "sig_up_") + significance.rawValue
}

@Suite struct PeakJudgementTests {
    @Test(.enabled(if: Places.shared("\(folder)/ceads_province_totals_1997_2019.csv") != nil))
    func thirtyProvinces() throws {
        let totals = try OracleTable("\(folder)/ceads_province_totals_1997_2019.csv").rows
        var states: [PeakState: [String]] = [:]
        let cases = try OracleTable("\(folder)/ceads_province_peak_mk_2019.csv").rows
        #expect(cases.count == 30)
        for row in cases {
            let name = try #require(row["province_zh"])
            let series = totals.filter { $0["province_zh"] == name }
            let years = series.compactMap { Int($0["year"] ?? "") }
            let values = series.compactMap { Double($0["co2_total_mt"] ?? "") }
            let found = try PeakJudgement(years: years, values: values)
            #expect(found.peakYear == Int(row["peak_year"] ?? ""))
            #expect(found.yearsSincePeak == Int(row["years_since_peak"] ?? ""))
            #expect(abs(found.peak - (Double(row["peak_mt"] ?? "") ?? .nan)) < 0.0051)
            let window = try MannKendall(Array(values.suffix(8)))
            #expect(abs(window.zScore - (Double(row["z_2012_2019"] ?? "") ?? .nan)) < 5.1e-4)
            #expect(level(window) == row["level_2012_2019"])
            if let since = found.sincePeak {
                #expect(abs(since.zScore - (Double(row["z_since_peak"] ?? "") ?? .nan)) < 5.1e-4)
                let probability = try #require(found.probability?.value)
                #expect(abs(probability - (Double(row["p_since_peak"] ?? "") ?? .nan)) < 5.1e-5)
                #expect(level(since) == row["level_since_peak"])
            } else {
                #expect(row["level_since_peak"] == "n<4")
            }
            states[found.state, default: []].append(name)
        }
        #expect(Set(states[.peaked] ?? []) == ["北京", "吉林", "四川", "河南"])
        #expect(Set(states[.plateau] ?? []) == ["上海", "云南", "天津", "湖北", "甘肃", "重庆", "黑龙江"])
        #expect(states[.notPeaked]?.count == 19)
    }

    @Test func stepsOfTheRule() throws {
        func state(_ values: [Double], _ null: NullDistribution = .normal) throws -> PeakState {
            try PeakJudgement(years: values.indices.map { 2010 + $0 }, values: values, null: null).state
        }
        #expect(try state([1, 9, 8, 7, 6, 5, 4]) == .peaked)
        #expect(try state([1, 9, 8, 7, 6, 5]) == .notPeaked)
        #expect(try state([1, 9, 5, 8, 5, 8, 6]) == .plateau)
        #expect(try state([1, 2, 3, 4, 5, 6, 7]) == .notPeaked)
        #expect(try state([9, 8, 7, 9, 6, 5, 4]) == .notPeaked)
        #expect(try state([1, 9, 8, 7, .nan, 6, 5, 4], .exact) == .peaked)
    }

    @Test func namesInChinese() {
        #expect(PeakState.allCases.map(\.name.chinese) == ["已达峰", "平台期", "未达峰"])
    }

    @Test func faults() {
        #expect(throws: TrendError.lengthsDiffer(2, 3)) {
            try PeakJudgement(years: [1, 2], values: [1, 2, 3])
        }
        #expect(throws: TrendError.timesNotAscending(index: 1)) {
            try PeakJudgement(years: [2, 2, 3], values: [1, 2, 3])
        }
        #expect(throws: TrendError.impossible("years that lie too far apart")) {
            try PeakJudgement(years: [.min, 0, .max], values: [9, 2, 3])
        }
    }
}
