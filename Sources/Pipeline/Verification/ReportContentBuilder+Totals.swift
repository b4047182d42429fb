import Foundation
import Quantities
import Report
import Verification

extension ReportContentBuilder {
    /// Yearly totals of one database by region.
    struct Totals {
        let plan: ReportPlan.DatabasePlan
        /// Sum and sum of squared standard deviations, NaN where one is not stated.
        var sums: [String: [Int: (value: Double, variance: Double)]] = [:]
        /// Regions of other databases of which this one has no figure in any year: its total is of another territory.
        var lacking: [String] = []
        /// Region and year of rows without a number, with the line of the first.
        private(set) var blanks: [(region: String, year: Int, line: Int?)] = []
        private var blankYears: [String: Set<Int>] = [:]

        init(plan: ReportPlan.DatabasePlan) { self.plan = plan }

        /// A row without a number: a sum over the other rows would count it as zero.
        mutating func markBlank(_ region: String, _ year: Int, line: Int?) {
            sums[region, default: [:]] = sums[region] ?? [:]
            guard blankYears[region, default: []].insert(year).inserted else { return }
            blanks.append((region, year, line))
        }

        func isBlank(_ region: String, _ year: Int) -> Bool { blankYears[region]?.contains(year) == true }

        mutating func dropBlanks() {
            for blank in blanks { sums[blank.region]?[blank.year] = nil }
        }

        func estimate(_ region: String, _ year: Int) -> Estimate? {
            guard let sum = sums[region]?[year] else { return nil }
            let relative = plan.relativeSigma.map { abs($0 * sum.value) }
            return Estimate(mean: sum.value, standardDeviation: relative ?? sum.variance.squareRoot())
        }

        /// Over all regions; nil for a year in which one of them has no figure.
        func total(_ year: Int) -> Estimate? {
            guard !sums.isEmpty, missing(year).isEmpty else { return nil }
            let values = sums.keys.sorted().compactMap { estimate($0, year) }
            let mean = values.reduce(0) { $0 + $1.mean }
            let variance = values.reduce(0) { $0 + $1.standardDeviation * $1.standardDeviation }
            let sigma = plan.relativeSigma.map { abs($0 * mean) } ?? variance.squareRoot()
            return Estimate(mean: mean, standardDeviation: sigma)
        }

        /// Nil also for a database that lacks a region of another one.
        func comparableTotal(_ year: Int) -> Estimate? { lacking.isEmpty ? total(year) : nil }

        /// Regions of the table without a figure of a year.
        func missing(_ year: Int) -> [String] { sums.keys.filter { sums[$0]?[year] == nil }.sorted() }

        var years: [Int] { Set(sums.values.flatMap(\.keys)).sorted() }
        var completeYears: [Int] { years.filter { missing($0).isEmpty } }
    }

    /// What lies in no outline is no region that another database could have.
    static let unassigned = LocalizedName(english: "Not assigned", chinese: "未归属")

    static func findLacking(_ present: inout [Totals]) {
        let known = Set(present.flatMap { $0.sums.filter { !$0.value.isEmpty }.keys })
            .subtracting([unassigned.english])
        for index in present.indices {
            present[index].lacking = known.subtracting(present[index].sums.keys).sorted()
        }
    }

    /// Why the total of the compared year is not in T5; nil where it is.
    func noSum(_ totals: Totals) -> LocalizedName? {
        if !totals.lacking.isEmpty {
            let regions = list(totals.lacking)
            return LocalizedName(
                english: "not comparable: lacks \(regions.english)",
                chinese: "不可比：缺少\(regions.chinese)"
            )
        }
        let missing = totals.missing(totals.plan.year)
        guard !missing.isEmpty else { return nil }
        let regions = list(missing)
        return LocalizedName(
            english: "not known: no figure of \(regions.english)",
            chinese: "未知：\(regions.chinese)无数据"
        )
    }

    /// The first names of regions, and how many more there are.
    private func list(_ regions: [String], limit: Int = 4) -> LocalizedName {
        let names = regions.prefix(limit).map(regionName)
        let more = regions.count - names.count
        return LocalizedName(
            english: names.map(\.english).joined(separator: ", ") + (more > 0 ? " and \(more) more" : ""),
            chinese: names.map(\.chinese).joined(separator: "、") + (more > 0 ? "等\(regions.count)个区域" : "")
        )
    }

    /// That the total of a database is of fewer regions than those of others.
    func lacking(_ totals: Totals) -> LocalizedName? {
        guard !totals.lacking.isEmpty else { return nil }
        let regions = list(totals.lacking, limit: totals.lacking.count)
        let name = totals.plan.name
        return LocalizedName(
            english: "\(name.english): its sum over all regions is not comparable: lacks \(regions.english), "
                + "which another database has. It is in no total, trend or range.",
            chinese: "\(name.chinese)：合计不可比：缺少其他数据库所含的\(regions.chinese)，不列入合计、趋势和极差。"
        )
    }

    /// Which regions and years have rows without a number.
    func blank(_ totals: Totals) -> LocalizedName? {
        guard !totals.blanks.isEmpty else { return nil }
        let file = URL(filePath: totals.plan.file).lastPathComponent
        let told = totals.blanks.prefix(6)
        let more = totals.blanks.count - told.count
        let english = told.map { blank in
            let line = blank.line.map { ", line \($0)" } ?? ""
            return "\(regionName(blank.region).english) \(blank.year)\(line)"
        }
        let chinese = told.map { blank in
            let line = blank.line.map { "，第\($0)行" } ?? ""
            return "\(regionName(blank.region).chinese)\(blank.year)年\(line)"
        }
        let name = totals.plan.name
        return LocalizedName(
            english: "\(name.english): \(file) has rows without a number: \(english.joined(separator: "; "))"
                + (more > 0 ? "; and \(more) more" : "")
                + ". A blank is not known, never zero: the region has no total of the year.",
            chinese: "\(name.chinese)：\(file) 中有无数值的行：\(chinese.joined(separator: "；"))"
                + (more > 0 ? "；另有\(more)处" : "") + "。空白表示未知而非零：该区域该年不给出合计。"
        )
    }

    /// Which years have no sum, for want of which regions.
    func incomplete(_ totals: Totals) -> LocalizedName? {
        let gaps = totals.years.map { ($0, totals.missing($0)) }.filter { !$0.1.isEmpty }
        guard !gaps.isEmpty else { return nil }
        // Years that lack the same regions are named together.
        var groups: [(years: [Int], regions: [String])] = []
        for (year, regions) in gaps {
            if let place = groups.firstIndex(where: { $0.regions == regions }) {
                groups[place].years.append(year)
            } else {
                groups.append(([year], regions))
            }
        }
        func list(_ language: Language, _ separator: String) -> String {
            groups.map { group in
                let years = group.years.map(String.init).joined(separator: separator)
                let regions = group.regions.map { regionName($0)[language] }.joined(separator: separator)
                return language == .english ? "\(years) (\(regions))" : "\(years)（\(regions)）"
            }.joined(separator: language == .english ? "; " : "；")
        }
        let name = totals.plan.name
        return LocalizedName(
            english: "\(name.english): no sum over all regions is given for years without a figure of each: "
                + "\(list(.english, ", ")).",
            chinese: "\(name.chinese)：缺少部分区域数据的年份不给出合计：\(list(.chinese, "、"))。"
        )
    }
}
