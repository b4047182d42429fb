import Quantities

/// Sums of lines in every dimension, with the errors that lines share counted once.
struct AccountTotals {
    let all: [AccountTotal]

    init(_ lines: [AccountLine]) {
        var totals: [AccountTotal] = []
        for boundary in AccountBoundary.allCases {
            totals.append(Self.total(.boundary, boundary.rawValue, lines) { boundary.sign(of: $0.category) })
        }
        for category in AccountCategory.allCases where lines.contains(where: { $0.category == category }) {
            totals.append(Self.total(.category, category.rawValue, lines) { $0.category == category ? 1 : 0 })
        }
        for use in CarrierUse.allCases where lines.contains(where: { $0.use == use }) {
            totals.append(Self.total(.use, use.rawValue, lines) { $0.use == use ? 1 : 0 })
        }
        // The other sums are of what the territory itself emits.
        let direct = lines.filter(\.category.isDirect)
        for gas in GreenhouseGas.allCases where direct.contains(where: { $0.factor.gas == gas }) {
            totals.append(Self.total(.gas, gas.rawValue, direct.filter { $0.factor.gas == gas }))
        }
        totals += Self.grouped(.sector, direct, \.sector) + Self.grouped(.region, direct, \.region)
        totals += Self.grouped(.carrier, direct, \.carrier)
        all = totals
    }

    private static func grouped(
        _ dimension: AccountTotal.Dimension,
        _ lines: [AccountLine],
        _ name: (AccountLine) -> String
    ) -> [AccountTotal] {
        Dictionary(grouping: lines, by: name).sorted { $0.key < $1.key }.map {
            total(dimension, $0.key, $0.value)
        }
    }

    private static func total(
        _ dimension: AccountTotal.Dimension,
        _ name: String,
        _ lines: [AccountLine],
        sign: (AccountLine) -> Double = { _ in 1 }
    ) -> AccountTotal {
        let used = lines.filter { sign($0) != 0 }
        let emissions = used.map { $0.uncertain(sign: sign($0), group: "") }
        let estimate = EmissionCovariance(emissions).estimates.first
        let species = Set(used.map(\.factor.species))
        return AccountTotal(
            dimension: dimension,
            name: name,
            emission: estimate ?? Estimate(mean: 0, standardDeviation: 0),
            tonnesOfGas: species.count == 1 ? used.reduce(0) { $0 + sign($1) * $1.tonnes } : nil
        )
    }
}

/// What a reader of an account must know, gathered from its lines.
struct AccountWarnings {
    let all: [AccountWarning]

    init(lines: [AccountLine], activities: [ActivityRecord], method: AccountingMethod) {
        all =
            Self.ofFactors(lines, method) + Self.doubleCounts(lines, method.catalogue)
            + Self.givenTwice(activities) + Self.givenForPartsToo(activities)
    }

    private static func ofFactors(_ lines: [AccountLine], _ method: AccountingMethod) -> [AccountWarning] {
        let records = Dictionary(
            method.sets.flatMap { set in set.records.map { ($0.place, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
        func record(_ line: AccountLine) -> FactorRecord? { records[line.factor.place] }
        let doubtful = grouped(lines) { record($0)?.warning ?? "" }.map { text, group in
            let chinese = record(group[0])?.chineseWarning ?? ""
            return AccountWarning(
                kind: .factorSet,
                text: LocalizedName(
                    english: "factor set \(group[0].factor.set): \(text)",
                    chinese: "因子集\(group[0].factor.set)需谨慎使用: \(chinese.isEmpty ? text : chinese)"
                ),
                places: group.map(\.place),
                tonnes: group.reduce(0) { $0 + $1.tonnesCarbonDioxideEquivalent }
            )
        }
        let unverified = grouped(lines) { $0.factor.note.contains("verify") ? $0.factor.note : "" }.map {
            note,
            group in
            let place = group[0].factor.place
            let chinese = records[place]?.chineseNote ?? method.grid.record(at: place)?.chineseNote ?? ""
            return AccountWarning(
                kind: .unverifiedFactor,
                text: LocalizedName(
                    english: "factors to be verified (\(group[0].factor.set)): \(note)",
                    chinese: "排放因子待核实(\(group[0].factor.set)): \(chinese.isEmpty ? note : chinese)"
                ),
                places: group.map(\.place),
                tonnes: nil
            )
        }
        return doubtful + unverified + ofDefaults(lines)
    }

    private static func ofDefaults(_ lines: [AccountLine]) -> [AccountWarning] {
        let defaults = lines.filter { !$0.factor.hasOwnUncertainty }
        guard !defaults.isEmpty else { return [] }
        return [
            AccountWarning(
                kind: .defaultUncertainty,
                text: LocalizedName(
                    english:
                        "factors without bounds of their own take the default uncertainty of their state",
                    chinese: "无区间的排放因子采用缺省不确定度"
                ),
                places: defaults.map(\.place),
                tonnes: nil
            )
        ]
    }

    /// By text, in the order of the texts; lines without one are left out.
    private static func grouped(
        _ lines: [AccountLine],
        _ text: (AccountLine) -> String
    ) -> [(String, [AccountLine])] {
        Dictionary(grouping: lines, by: text).filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }
    }

    /// A carrier and what it is made from, both burnt in one place: the carbon may be counted twice.
    private static func doubleCounts(_ lines: [AccountLine], _ catalogue: FuelCatalogue) -> [AccountWarning] {
        let burnt = lines.filter { $0.category == .combustion && $0.factor.species == "co2" }
        return burnt.compactMap { line in
            guard let carrier = try? catalogue.carrier(named: line.carrier, at: line.place) else {
                return nil
            }
            let parents = burnt.filter { other in
                guard other.region == line.region, other.facility == line.facility,
                    let parent = try? catalogue.carrier(named: other.carrier, at: other.place)
                else { return false }
                return carrier.madeFrom.contains(parent.key)
            }
            guard !parents.isEmpty else { return nil }
            let names = parents.map(\.carrier).joined(separator: ", ")
            let chinese = parents.map { catalogue.carrier($0.carrier)?.names.chinese ?? $0.carrier }
                .joined(separator: "、")
            let available = parents.reduce(0) { $0 + $1.tonnesCarbonDioxideEquivalent }
            return AccountWarning(
                kind: .possibleDoubleCount,
                text: LocalizedName(
                    english: "`\(line.carrier)` is made from `\(names)` and both are burnt: "
                        + "unless bought, its carbon is counted twice",
                    chinese: "\(carrier.names.chinese)由\(chinese)转换而来, 二者均计入燃烧: 若非外购则碳被重复计算"
                ),
                places: [line.place] + parents.map(\.place),
                tonnes: min(available, line.tonnesCarbonDioxideEquivalent)
            )
        }
    }

    private static func givenTwice(_ activities: [ActivityRecord]) -> [AccountWarning] {
        let groups = Dictionary(grouping: activities) { row in
            [row.region, row.facility, row.sector, row.carrier, row.period.description, row.use.rawValue]
        }
        return groups.values.filter { $0.count > 1 }.sorted {
            ($0[0].place.line ?? 0) < ($1[0].place.line ?? 0)
        }
        .map { rows in
            AccountWarning(
                kind: .givenTwice,
                text: LocalizedName(
                    english:
                        "`\(rows[0].carrier)` of \(rows[0].region) is given \(rows.count) times and added",
                    chinese: "\(rows[0].region)的\(rows[0].carrier)出现\(rows.count)次, 已相加"
                ),
                places: rows.map(\.place),
                tonnes: nil
            )
        }
    }

    /// The same activity for periods that share days, such as a year and one of its months.
    private static func givenForPartsToo(_ activities: [ActivityRecord]) -> [AccountWarning] {
        let groups = Dictionary(grouping: activities) { row in
            [row.region, row.facility, row.sector, row.carrier, row.use.rawValue]
        }
        return groups.values.map { rows in
            let periods = Set(rows.map(\.period))
            guard periods.count > 1 else { return [] }
            let shared = Set(periods.filter { one in periods.contains { $0 != one && $0.overlaps(one) } })
            return rows.filter { shared.contains($0.period) }
        }
        .filter { !$0.isEmpty }
        .sorted { ($0[0].place.line ?? 0) < ($1[0].place.line ?? 0) }
        .map { (rows: [ActivityRecord]) in
            let periods = Set(rows.map(\.period.description)).sorted()
            return AccountWarning(
                kind: .givenTwice,
                text: LocalizedName(
                    english: "`\(rows[0].carrier)` of \(rows[0].region) is given for periods that overlap ("
                        + "\(periods.joined(separator: ", "))) and added",
                    chinese:
                        "\(rows[0].region)的\(rows[0].carrier)所给时段相互重叠(\(periods.joined(separator: "、"))), 已相加"
                ),
                places: rows.map(\.place),
                tonnes: nil
            )
        }
    }
}
