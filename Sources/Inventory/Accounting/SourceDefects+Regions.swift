/// Checks of regional tables: A6 to A8, B1, B3, B8 to B10.
extension SourceChecks {
    func coalControl() -> [SourceFinding] {
        let table = self["coal_control_2021_table6"]
        let totals = table.places(where: "is_group_total", is: "1")
        let groups = table.column("group_zh")
        let sums = totals.flatMap { total in
            ["coal_2021_10kt", "decline_2021_vs_2020_10kt"].map { column in
                let numbers = table.numbers(column)
                let members = table.places(where: "is_group_total", is: "0").filter {
                    groups[$0] == groups[total]
                }
                let computed = members.compactMap { numbers[$0] }.reduce(0, +)
                let agrees = abs((numbers[total] ?? .nan) - computed) <= 0.006
                return compare(
                    agrees ? "A6" : "B3",
                    table.name,
                    "\(groups[total]), \(column)",
                    printed: numbers[total],
                    computed: computed,
                    unit: "1e4 t",
                    digits: 0.006,
                    agrees ? "the members add to the total" : "the members do not add to the printed total",
                    agrees ? "分省之和等于合计" : "分省之和与合计不符"
                )
            }
        }
        return sums + coalRates(table)
    }

    private func coalRates(_ table: SourceTable) -> [SourceFinding] {
        let coal = table.numbers("coal_2021_10kt")
        let declines = table.numbers("decline_2021_vs_2020_10kt")
        let printed = table.numbers("decline_rate_pct_published")
        return table.column("region_zh").enumerated().map { index, region in
            var rate: Double?
            if let coal = coal[index], let decline = declines[index] {
                rate = decline / (coal + decline) * 100
            }
            return compare(
                "A6",
                table.name,
                "\(region), decline_rate_pct_published",
                printed: printed[index],
                computed: rate,
                unit: "%",
                digits: 0.5,
                "decline / (coal of 2021 + decline)",
                "下降率按基年煤耗计算"
            )
        }
    }

    func shares() -> [SourceFinding] {
        let table = self["regional_co2_2021_totals_and_shares"]
        let groups = table.column("group_zh")
        let numbers = table.numbers("share_of_group_pct")
        let names = Set(groups).sorted()
        return names.map { group in
            let members = table.rows.indices.filter {
                groups[$0] == group && table.column("region_zh")[$0] != group
            }
            return compare(
                "A7",
                table.name,
                group,
                printed: 100,
                computed: members.compactMap { numbers[$0] }.reduce(0, +),
                unit: "%",
                digits: 0.05,
                bound: 0.5 * Double(members.count),
                "the shares of the members add to the whole",
                "份额之和为百分之百"
            )
        }
    }

    func classes() -> [SourceFinding] {
        let table = self["city_classes_35"]
        let sizes = [("1", 6.0), ("2", 14), ("3", 12), ("4", 3)].map { key, printed in
            compare(
                "A8",
                table.name,
                "class \(key)",
                printed: printed,
                computed: Double(table.places(where: "class", is: key).count),
                unit: "cities",
                digits: 0,
                "cities of the class",
                "类别城市数"
            )
        }
        let peaks = self["peak_target_year_35_cities"]
        let targets = self["provincial_peak_targets_003"]
        let counts: [(String, String, Double, Double)] = [
            (table.name, "all", 35, Double(table.rows.count)),
            (peaks.name, "all", 35, Double(peaks.rows.count)),
            (peaks.name, "with a year", 24, Double(peaks.numbers("peak_target_year").count { $0 != nil })),
            (
                targets.name, "overall_peak_year", 9,
                Double(targets.places(where: "category_key", is: "overall_peak_year").count)
            ),
        ]
        return sizes
            + counts.map { name, row, printed, computed in
                compare(
                    "A8",
                    name,
                    row,
                    printed: printed,
                    computed: computed,
                    unit: "rows",
                    digits: 0,
                    "rows as the prose counts them",
                    "行数与正文一致"
                )
            }
    }

    /// B11: energy-related emissions of 2019, printed as 98 亿吨, beside an inventory where the user has one.
    func nationalTotal() -> [SourceFinding] {
        let table = self["ceads_provinces_vs_national"]
        guard !table.header.isEmpty else { return [] }
        return [
            compare(
                "B11",
                table.name,
                "2019, national",
                printed: 9800,
                computed: table.number("national", where: "year", is: "2019"),
                unit: "Mt CO2",
                digits: 50,
                "the printed total beside that of CEADs",
                "公布的98亿吨与CEADs总量一致"
            )
        ]
    }

    func actionIndex() -> [SourceFinding] {
        let table = self["regional_climate_action_scores"]
        let pillars = [
            "ghg_emissions", "energy_decarbonisation", "capacity_and_safeguards", "regional_coordination",
        ]
        return table.column("region_zh").map { region in
            let computed = sum(table, pillars, where: "region_zh", is: region)
            let full = (computed ?? 0) > 100
            return compare(
                "B1",
                table.name,
                region,
                printed: table.number("total_published", where: "region_zh", is: region),
                computed: computed,
                unit: "points",
                digits: 0.005,
                bound: 0.025,
                full
                    ? "the pillars do not add to the printed total and exceed 100"
                    : "the pillars do not add to the printed total",
                full ? "分项之和与总分不符且超过100" : "分项之和与总分不符"
            )
        }
    }

    /// A weighted mean lies within its members.
    func intensities() -> [SourceFinding] {
        let table = self["regional_co2_2021_table4"]
        let groups = table.column("group_zh")
        let columns = [
            "co2_per_gdp_t_per_10k_cny_2021", "co2_per_gdp_decline_pct_2020_2021", "co2_per_capita_t_2021",
        ]
        return table.places(where: "is_group_total", is: "1").flatMap { total in
            columns.compactMap { column -> SourceFinding? in
                let numbers = table.numbers(column)
                let members = table.places(where: "is_group_total", is: "0").filter {
                    groups[$0] == groups[total]
                }
                .compactMap { numbers[$0] }
                guard let low = members.min(), let high = members.max(), let printed = numbers[total],
                    !(low...high).contains(printed)
                else { return nil }
                return SourceFinding(
                    "B8",
                    .defect,
                    table: table.name,
                    row: "\(groups[total]), \(column)",
                    printed: printed,
                    computed: low,
                    unit: column.contains("pct") ? "%" : "t",
                    "outside its members' range \(shortNumber(low)) to \(shortNumber(high)): a sign slip or GDP in "
                        + "different currencies",
                    "合计值超出各成员范围"
                )
            }
        }
    }

    func peakTargets() -> [SourceFinding] {
        let table = self["provincial_peak_targets_003"]
        let categories = table.column("category_key")
        let provinces = table.column("province_zh")
        let numbers = table.column("no")
        let words = table.column("statement_zh").map { $0.replacing("达到峰值", with: "达峰") }
        var findings: [SourceFinding] = []
        for second in table.rows.indices {
            for first in 0..<second where categories[first] == categories[second] {
                if provinces[first] == provinces[second], numbers[first] != numbers[second],
                    words[second].hasPrefix(words[first])
                {
                    findings.append(
                        peak(
                            provinces[second],
                            categories[second],
                            "listed twice (\(numbers[first]) and \(numbers[second]))",
                            "重复列出"
                        )
                    )
                }
                if provinces[first] != provinces[second], words[first] == words[second],
                    words[first].contains("都市功能")
                {
                    findings.append(
                        peak(
                            "\(provinces[first]), \(provinces[second])",
                            categories[second],
                            "the same wording for two provinces: likely an error",
                            "两省措辞相同, 疑有误"
                        )
                    )
                }
            }
        }
        let years = Set(table.places(where: "category_key", is: "overall_peak_year").map { provinces[$0] })
        let studied = table.places(where: "category_key", is: "peak_research").map { provinces[$0] }
        for province in Set(studied).intersection(years).sorted() {
            findings.append(peak(province, "overall_peak_year, peak_research", "in both lists", "同时列入两类"))
        }
        return findings + observedPeaks()
    }

    private func peak(_ row: String, _ column: String, _ english: String, _ chinese: String) -> SourceFinding
    {
        SourceFinding(
            "B9",
            .defect,
            table: "provincial_peak_targets_003",
            row: "\(row), \(column)",
            english,
            chinese
        )
    }

    /// A target year is no observed peak.
    private func observedPeaks() -> [SourceFinding] {
        let ranking = self["pcni_2023_2024_ranking"]
        let targets = self["peak_target_year_35_cities"]
        return zip(ranking.column("province_zh"), ranking.column("note")).compactMap { province, note in
            guard let words = note.firstRange(of: "peak year "),
                let observed = Double(note[words.upperBound...].prefix(4)),
                let target = targets.number("peak_target_year", where: "city_zh", is: province),
                target != observed
            else { return nil }
            return SourceFinding(
                "B10",
                .definition,
                table: targets.name,
                row: province,
                printed: target,
                computed: observed,
                unit: "year",
                "the target year is not the observed peak year of another document: keep both apart",
                "目标达峰年与观测峰值年不同, 应分别记录"
            )
        }
    }
}
