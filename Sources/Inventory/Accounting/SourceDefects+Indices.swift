/// Checks of the indices of cities and provinces: A1 to A5, B2, B4.
extension SourceChecks {
    func cityIndex() -> [SourceFinding] {
        let name = "ccni_2021_2022_city_scores"
        let table = self[name]
        let scores = table.numbers("score_2021_2022").compactMap { $0 }
        let totals = self["ccni_yearly_totals"]
        let sum = compare(
            "A1",
            name,
            "score_2021_2022",
            printed: totals.number("ccni_total", where: "evaluation_year", is: "2021-2022"),
            computed: scores.reduce(0, +),
            unit: "points",
            digits: 0.05,
            bound: 0.05 * Double(scores.count),
            "the scores of the cities add to the published total within their rounding",
            "各城市得分之和与公布总分在舍入范围内一致"
        )
        return [sum] + arrows(table) + bands(table, scores) + ranks(table, scores) + cityPillars(totals)
    }

    private func arrows(_ table: SourceTable) -> [SourceFinding] {
        // The prose: 68 up, 25 flat, 17 down, and 42 that did not rise.
        let printed = [("▲", 68.0, "up"), ("-", 25, "flat"), ("▼", 17, "down")]
        let counts = printed.map { mark, number, words in
            compare(
                "A2",
                table.name,
                "arrow \(words)",
                printed: number,
                computed: Double(table.places(where: "arrow", is: mark).count),
                unit: "cities",
                digits: 0,
                "cities marked \(words)",
                "箭头计数"
            )
        }
        let rest = table.rows.count - table.places(where: "arrow", is: "▲").count
        return counts + [
            compare(
                "A2",
                table.name,
                "arrow not up",
                printed: 42,
                computed: Double(rest),
                unit: "cities",
                digits: 0,
                "cities that did not rise",
                "未上升城市数"
            )
        ]
    }

    private func bands(_ table: SourceTable, _ scores: [Double]) -> [SourceFinding] {
        let bands = [(60.0, 1e9, 9.0), (40, 60, 47), (20, 40, 51), (-1, 20, 3)]
        return bands.map { low, high, printed in
            compare(
                "A3",
                table.name,
                "scores from \(shortNumber(max(0, low)))",
                printed: printed,
                computed: Double(scores.count { $0 >= low && $0 < high }),
                unit: "cities",
                digits: 0,
                "cities in the band of scores",
                "分数段城市数"
            )
        }
    }

    private func ranks(_ table: SourceTable, _ scores: [Double]) -> [SourceFinding] {
        let falls = zip(scores, scores.dropFirst()).count { $0 < $1 }
        let order = compare(
            "A3",
            table.name,
            "rank",
            printed: 0,
            computed: Double(falls),
            unit: "rows out of order",
            digits: 0,
            "scores fall with the rank",
            "得分随名次递减"
        )
        let quoted = [("佛山", 60.0), ("德阳", 11), ("南平", 15)].map { city, rank in
            compare(
                "A3",
                table.name,
                city,
                printed: rank,
                computed: table.number("rank", where: "city_zh", is: city),
                unit: "rank",
                digits: 0,
                "rank quoted in the prose",
                "正文引用名次"
            )
        }
        let leading = ["深圳", "北京", "上海", "广州"].count { city in
            (table.number("rank", where: "city_zh", is: city) ?? .infinity) <= 10
        }
        return [order] + quoted + [
            compare(
                "A3",
                table.name,
                "first-tier cities",
                printed: 4,
                computed: Double(leading),
                unit: "cities",
                digits: 0,
                "first-tier cities among the first ten",
                "一线城市均入前十"
            )
        ]
    }

    private static let pillars = [
        ("climate_ambition_total", 18.7, 2.2), ("low_carbon_state_total", 158.3, 8.7),
        ("emission_trend_total", 266.5, 19.1),
    ]

    private func cityPillars(_ table: SourceTable) -> [SourceFinding] {
        let names = Self.pillars.map(\.0)
        let sums = ["2021-2022", "2020-2021"].map { year in
            compare(
                "A4",
                table.name,
                year,
                printed: table.number("ccni_total", where: "evaluation_year", is: year),
                computed: sum(table, names, where: "evaluation_year", is: year),
                unit: "points",
                digits: 0.05,
                "the pillars add to the total",
                "分项之和等于总分"
            )
        }
        let changes = (Self.pillars + [("ccni_total", 443.5, 10.9)]).flatMap { column, points, percent in
            change("A4", table, column, from: "2020-2021", to: "2021-2022", points, percent)
        }
        return sums + changes
    }

    /// A change between two years, in points and in percent of the earlier one.
    private func change(
        _ id: String,
        _ table: SourceTable,
        _ column: String,
        from: String,
        to: String,
        _ points: Double,
        _ percent: Double
    ) -> [SourceFinding] {
        let before = table.number(column, where: "evaluation_year", is: from)
        let after = table.number(column, where: "evaluation_year", is: to)
        let difference = before.flatMap { before in after.map { $0 - before } }
        return [
            compare(
                id,
                table.name,
                "\(column), \(from) to \(to)",
                printed: points,
                computed: difference,
                unit: "points",
                digits: 0.05,
                "printed change",
                "公布变化值"
            ),
            compare(
                id,
                table.name,
                "\(column), \(from) to \(to)",
                printed: percent,
                computed: before.flatMap { before in difference.map { $0 / before * 100 } },
                unit: "%",
                digits: 0.06,
                "printed relative change",
                "公布变化率"
            ),
        ]
    }

    func provinceIndex() -> [SourceFinding] {
        let table = self["pcni_yearly_totals"]
        let names = Self.pillars.map(\.0)
        let sums = table.column("evaluation_year").map { year in
            let published = table.number("pcni_total_published", where: "evaluation_year", is: year)
            let computed = sum(table, names, where: "evaluation_year", is: year)
            let agrees = abs((published ?? .nan) - (computed ?? .nan)) < 0.05
            return compare(
                agrees ? "A5" : "B2",
                table.name,
                year,
                printed: published,
                computed: computed,
                unit: "points",
                digits: 0.05,
                agrees
                    ? "the pillars add to the total"
                    : "the pillars do not add to the printed total: its last digit",
                agrees ? "分项之和等于总分" : "分项之和与公布总分末位不符"
            )
        }
        let years = ("2022-2023", "2023-2024")
        let state = change("A5", table, "low_carbon_state_total", from: years.0, to: years.1, 12.3, 2.3)
        let trend = change("B2", table, "emission_trend_total", from: years.0, to: years.1, 35.3, 9.4)
        return sums + state + trend + provinceCounts()
    }

    private func provinceCounts() -> [SourceFinding] {
        let table = self["pcni_2023_2024_ranking"]
        let counts = [("up", 13.0), ("flat", 14), ("down", 3)].map { word, printed in
            compare(
                "A5",
                table.name,
                "change_class \(word)",
                printed: printed,
                computed: Double(table.places(where: "change_class", is: word).count),
                unit: "provinces",
                digits: 0,
                "provinces of the class",
                "类别省份数"
            )
        }
        return counts + [
            compare(
                "A5",
                table.name,
                "all",
                printed: 30,
                computed: Double(table.rows.count),
                unit: "provinces",
                digits: 0,
                "13 + 14 + 3 provinces",
                "省份总数"
            )
        ]
    }

    func changeClasses() -> [SourceFinding] {
        let table = self["ccni_change_classes"]
        let numbers = table.numbers("n_cities_published")
        let rising = table.places(where: "direction", is: "up").compactMap { numbers[$0] }.reduce(0, +)
        let listed = Dictionary(
            grouping: zip(table.column("direction"), table.column("named_examples_zh")).flatMap {
                direction,
                names in
                names.split(separator: ";").map { (city: String($0), direction: direction) }
            },
            by: \.city
        )
        let twice = listed.filter { Set($0.value.map(\.direction)).count > 1 }.keys.sorted()
        return [
            compare(
                "B4",
                table.name,
                "direction up",
                printed: 68,
                computed: rising,
                unit: "cities",
                digits: 0,
                "the classes of rising cities do not add to the printed number",
                "上升各类城市数之和与正文不符"
            )
        ]
            + twice.map { city in
                let marked = self["ccni_2021_2022_city_scores"]
                let place = marked.places(where: "city_zh", is: city).first
                let mark = place.map { marked.column("change_class")[$0] } ?? "nothing"
                return SourceFinding(
                    "B4",
                    .defect,
                    table: table.name,
                    row: city,
                    "named among the rising and among the flat; the table of scores marks it \(mark)",
                    "同时列入上升与持平"
                )
            }
    }
}
