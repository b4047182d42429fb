import Quantities

/// Checks of energy tables: B5 to B7, B12.
extension SourceChecks {
    /// B5: factors that the carbon of a physical tonne excludes.
    func factors(_ catalogue: FuelCatalogue) -> [SourceFinding] {
        let table = self["seed_conversion_factors"]
        let column = "factor_t_co2_per_t_as_printed"
        let numbers = table.numbers(column)
        return table.column("fuel_zh").enumerated().compactMap { index, fuel -> SourceFinding? in
            let place = TablePlace(file: table.name, line: index + 2, column: column)
            guard let value = numbers[index], let carrier = try? catalogue.carrier(named: fuel, at: place)
            else {
                return nil
            }
            var reason: String?
            do throws(AccountingError) {
                try carrier.checkPlausible(tonnesPerUnit: value, per: carrier.basis, at: place)
            } catch {
                reason = error.what
            }
            return SourceFinding(
                "B5",
                reason == nil ? .reproduced : .defect,
                table: table.name,
                row: fuel,
                printed: value,
                computed: value * carrier.coalEquivalentPerUnit,
                unit: "t CO2/t",
                reason ?? "plausible per physical tonne",
                "该因子为每吨标准煤, 不适用于实物量"
            )
        }
    }

    /// B6: carriers listed together with what they are made from.
    func qingdao(_ catalogue: FuelCatalogue, _ account: Account?) -> [SourceFinding] {
        let table = self["qingdao_2019_industrial_energy"]
        let keys = table.column("fuel_key")
        let amounts = table.numbers("consumption_2019")
        let derived = keys.enumerated().compactMap { index, key -> SourceFinding? in
            guard let carrier = catalogue.carrier(key) else { return nil }
            let parents = carrier.madeFrom.filter(keys.contains)
            guard !parents.isEmpty else { return nil }
            return SourceFinding(
                "B6",
                .defect,
                table: table.name,
                row: key,
                printed: amounts[index],
                unit: table.column("unit_key")[index],
                "listed beside `\(parents.joined(separator: ", "))`, from which it is made: a sum counts carbon twice",
                "与其原料并列, 合计将重复计算碳"
            )
        }
        guard let account, let combustion = account.total(.combustion) else { return derived }
        return [
            compare(
                "B6",
                table.name,
                "all fuels",
                printed: (account.naiveSumTonnes / 1e4).rounded(),
                computed: (combustion.mean / 1e4).rounded(),
                unit: "1e4 t CO2",
                digits: 0.5,
                "the sum of everything called fuel beside what is burnt: feedstock and transformation are apart",
                "简单加总与实际燃烧排放之差: 原料与加工转换应分列"
            )
        ] + derived
    }

    /// B7: a ranking whose weights are not printed.
    func progress() -> [SourceFinding] {
        let table = self["progress_2019_vs_2018_35_cities"]
        let cities = table.column("city_zh")
        let columns = [
            "service_share_growth_pct", "energy_intensity_decline_pct", "good_air_days_growth_pct",
        ]
        let blanks = cities.indices.filter { index in columns.contains { table.numbers($0)[index] == nil } }
        let named = self["named_top5_001"]
        let place = named.places(where: "ranking_zh", is: "双碳发展进展").first
        let printed = place.map { named.column("cities_in_order")[$0] } ?? ""
        let computed = leading(cities, columns.map { table.numbers($0) })
        let isSame = printed == computed.joined(separator: ";")
        let ranking = SourceFinding(
            "B7",
            isSame ? .reproduced : .notReproducible,
            table: named.name,
            row: "双碳发展进展",
            "printed \(printed); equal weights give \(computed.joined(separator: ";")): the weights are not printed",
            "权重未公布, 等权重不能复现前五名"
        )
        return [ranking]
            + blanks.map { index in
                SourceFinding(
                    "B7",
                    .defect,
                    table: table.name,
                    row: cities[index],
                    "a value is missing",
                    "缺少数值"
                )
            }
    }

    /// The five greatest means of standard scores; a missing value leaves its indicator out.
    private func leading(_ names: [String], _ columns: [[Double?]]) -> [String] {
        var sums = [(total: Double, count: Double)](repeating: (0, 0), count: names.count)
        for column in columns {
            let values = column.compactMap { $0 }
            guard values.count > 1 else { continue }
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
            for (index, value) in column.enumerated() {
                guard let value, variance > 0 else { continue }
                sums[index].total += (value - mean) / variance.squareRoot()
                sums[index].count += 1
            }
        }
        let scores = sums.map { $0.count > 0 ? $0.total / $0.count : -.infinity }
        return names.indices.sorted { scores[$0] > scores[$1] }.prefix(5).map { names[$0] }
    }

    /// B12: the two spellings of each unit mean the same.
    func units() -> [SourceFinding] {
        let table = self["qingdao_2019_industrial_energy"]
        let pairs = Set(zip(table.column("unit_zh"), table.column("unit_key")).map { [$0, $1] })
        return pairs.sorted { $0[0] < $1[0] }.map { pair in
            let place = TablePlace(file: table.name, column: "unit_zh")
            let units = pair.map { try? AmountUnit(spelling: $0, at: place) }
            let isSame = units[0]?.basis != nil && units[0]?.basis == units[1]?.basis
            return compare(
                "B12",
                table.name,
                "\(pair[0]) = \(pair[1])",
                printed: units[0]?.factor,
                computed: isSame ? units[1]?.factor : nil,
                unit: units[0]?.basis.rawValue ?? "",
                digits: 0,
                "a unit and its key mean the same amount",
                "单位与其代码一致"
            )
        }
    }
}
