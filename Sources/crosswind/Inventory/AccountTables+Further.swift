import Foundation
import Inventory
import Quantities

extension AccountTables {
    /// Nil without draws.
    var draws: ReadableTable? {
        guard let draws = result.draws else { return nil }
        let total = LocalizedName(english: "total", chinese: "合计")
        let rows =
            [("total", total, draws.total)]
            + draws.groups.map { sum in
                (
                    sum.group,
                    AccountCategory(rawValue: sum.group)?.names ?? LocalizedName(english: sum.group), sum
                )
            }
        let yes = LocalizedName(english: "yes", chinese: "是"), no = LocalizedName(english: "no", chinese: "否")
        return ReadableTable(
            id: "monte-carlo",
            title: LocalizedName(
                english: "uncertainty by Monte Carlo: \(draws.draws) draws, seed \(draws.seed), "
                    + result.boundary.names.english,
                chinese: "不确定度: 蒙特卡罗, \(draws.draws)次抽样, 种子\(draws.seed), \(result.boundary.names.chinese)"
            ),
            columns: [
                .init("name", "name", "名称"), .init("stated", "stated CO₂e", "核算值", isMass: true),
                .init("mean", "mean of draws", "抽样均值", isMass: true),
                .init("lower", "2.5 %", "2.5%分位", isMass: true),
                .init("upper", "97.5 %", "97.5%分位", isMass: true),
                .init("u_percent", "± %", "± %"), .init("converged", "bounds settled", "区间已收敛"),
            ],
            rows: rows.map { key, name, sum in
                let mean = sum.emission.mean
                return [
                    .name(key, name), .mass(sum.statedTonnes, halfWidth: nil), .mass(mean, halfWidth: nil),
                    .mass(sum.lower95, halfWidth: nil), .mass(sum.upper95, halfWidth: nil),
                    .percent(sum.percent95), sum.isConverged ? .name("yes", yes) : .name("no", no),
                ]
            }
        )
    }

    /// Nil without a balance.
    var reference: ReadableTable? {
        guard let reference = result.reference else { return nil }
        let percent = AmountFigure.percent(reference.differencePercent)
        let flagged = reference.isFlagged
        return ReadableTable(
            id: "reference-approach",
            title: LocalizedName(
                english: "CO₂ by the supply of fuels (reference approach)",
                chinese: "按能源供应计算的CO₂ (参考方法)"
            ),
            columns: [
                .init("carrier", "carrier", "品种"), .init("apparent", "apparent consumption", "表观消费量"),
                .init("excluded", "stays in products", "固碳量"), .init("basis", "unit", "单位"),
                .init("factor_set", "factor set", "因子集"), .init("emission", "CO₂", "CO₂", isMass: true),
            ],
            rows: reference.rows.map { row in
                [
                    .name(row.supply.carrier, result.name(row.supply.carrier)),
                    .number(row.supply.apparentConsumption),
                    .number(row.supply.excluded), .text(row.supply.basis.rawValue), .text(row.factorSet),
                    .mass(row.tonnes, halfWidth: nil),
                ]
            },
            notes: [
                LocalizedName(
                    english: "differs by \(percent) % from the sectors that burn them"
                        + (flagged ? ": more than 5 %, an explanation is due" : ": within 5 %"),
                    chinese: "与部门方法相差\(percent)%" + (flagged ? ": 超过5%, 须说明原因" : ": 在5%以内")
                )
            ]
        )
    }

    var warnings: ReadableTable {
        ReadableTable(
            id: "warnings",
            title: LocalizedName(english: "to be known", chinese: "须知"),
            columns: [
                .init("kind", "kind", "类型"), .init("text", "what", "内容"), .init("lines", "lines", "行"),
                .init("at_stake", "CO₂e at stake", "涉及CO₂当量", isMass: true),
            ],
            rows: result.account.warnings.map { warning in
                let lines = Set(warning.places.compactMap(\.line)).sorted().map(String.init)
                return [
                    .name(warning.kind.rawValue, warning.kind.name),
                    .name(warning.text.english, warning.text), .text(lines.joined(separator: " ")),
                    .mass(warning.tonnes ?? .nan, halfWidth: nil),
                ]
            }
        )
    }
}

extension AccountResult {
    /// Of a carrier, also where it stands behind its sector.
    func name(_ category: String) -> LocalizedName {
        let parts = category.components(separatedBy: KeyCategories.separator)
        guard let key = parts.last, let names = catalogue.carrier(key)?.names else {
            return LocalizedName(english: category)
        }
        func joined(_ name: String) -> String {
            (parts.dropLast() + [name]).joined(separator: KeyCategories.separator)
        }
        return LocalizedName(english: joined(names.english), chinese: joined(names.chinese))
    }
}

extension AppliedFactor {
    /// `CO₂`; families of gases by the name of the species.
    var localizedSpecies: LocalizedName {
        species == gas.rawValue ? gas.names : LocalizedName(english: species.uppercased())
    }
}

extension Estimate {
    /// Half of the 95 % interval.
    var half95: Double { Self.coverageFactor95 * standardDeviation }
}

extension AccountTotal {
    /// In words where the name is a term.
    var localizedName: LocalizedName {
        switch dimension {
        case .boundary: AccountBoundary(rawValue: name)?.names ?? LocalizedName(english: name)
        case .category: AccountCategory(rawValue: name)?.names ?? LocalizedName(english: name)
        case .gas: GreenhouseGas(rawValue: name)?.names ?? LocalizedName(english: name)
        case .use: CarrierUse(rawValue: name)?.names ?? LocalizedName(english: name)
        case .sector where name.isEmpty: LocalizedName(english: "no sector stated", chinese: "未注明行业")
        case .sector, .region, .carrier: LocalizedName(english: name)
        }
    }
}

extension AccountTotal.Dimension {
    var name: LocalizedName {
        switch self {
        case .boundary: LocalizedName(english: "boundary", chinese: "核算边界")
        case .category: LocalizedName(english: "category", chinese: "类别")
        case .gas: LocalizedName(english: "gas", chinese: "气体")
        case .use: LocalizedName(english: "use", chinese: "用途")
        case .sector: LocalizedName(english: "sector", chinese: "行业")
        case .region: LocalizedName(english: "region", chinese: "地区")
        case .carrier: LocalizedName(english: "carrier", chinese: "品种")
        }
    }
}

extension AccountWarning.Kind {
    var name: LocalizedName {
        switch self {
        case .factorSet: LocalizedName(english: "factor set", chinese: "因子集")
        case .unverifiedFactor: LocalizedName(english: "unverified", chinese: "待核实")
        case .defaultUncertainty: LocalizedName(english: "default bounds", chinese: "缺省不确定度")
        case .possibleDoubleCount: LocalizedName(english: "double count", chinese: "可能重复")
        case .givenTwice: LocalizedName(english: "given twice", chinese: "重复行")
        }
    }
}
