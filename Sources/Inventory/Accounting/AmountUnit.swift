import Quantities

/// A unit as tables spell it: so many units of a basis.
public struct AmountUnit: Hashable, Codable, Sendable {
    public let spelling: String
    public let basis: BasisUnit
    /// Units of the basis in one of these.
    public let factor: Double

    /// Reads a spelling in English or Chinese.
    ///
    /// - Throws: ``AccountingError`` at the place for money, for cubic metres of water and for what is unknown.
    public init(spelling: String, at place: TablePlace) throws(AccountingError) {
        let plain = Self.plain(spelling)
        guard !plain.isEmpty else { throw AccountingError(.missingValue, at: place) }
        if Self.money.contains(where: plain.hasSuffix) {
            throw AccountingError(.unusableUnit(spelling, reason: "money is no activity"), at: place)
        }
        if ["mt", "MT"].contains(spelling.filter { !$0.isWhitespace }) {
            throw AccountingError(
                .unusableUnit(spelling, reason: "a tonne or a million tonnes? write t or Mt"),
                at: place
            )
        }
        if plain == "标煤" || plain == "标准煤" {
            throw AccountingError(
                .unusableUnit(spelling, reason: "tonnes or ten thousand tonnes?"),
                at: place
            )
        }
        guard let found = Self.table[plain] else {
            throw AccountingError(
                .unknownWord(
                    spelling,
                    nearest: nearest(to: plain, among: Self.table.keys.sorted()),
                    known: Self.common
                ),
                at: place
            )
        }
        self.spelling = spelling
        (basis, factor) = found
    }

    private static let common = ["t", "10k_Nm3", "tce", "GJ", "kWh", "万吨", "万立方米", "万吨标准煤", "百万千焦", "万千瓦时"]
    private static let money = ["元", "美元", "usd", "cny", "rmb", "eur"]

    private static func plain(_ text: String) -> String {
        let wide = String(text.lowercased().filter { $0 != "·" }.compactMap { AmountText.halfWidth($0) })
        return wide.replacing("³", with: "3").replacing("标准煤", with: "标煤").replacing("立方", with: "m3")
            .replacing("m3米", with: "m3").replacing("标m3", with: "m3").replacing("nm3", with: "m3")
            .replacing("吨标煤", with: "tce").replacing("千瓦时", with: "kwh").replacing("千瓦小时", with: "kwh")
            .replacing("公吨", with: "t").replacing("吨", with: "t").replacing("度", with: "kwh")
            .replacing("10k_", with: "万").replacing("10^4", with: "万").replacing("1e4", with: "万")
    }

    private static let table: [String: (BasisUnit, Double)] = {
        var units: [String: (BasisUnit, Double)] = [
            "kg": (.tonne, 1e-3), "千克": (.tonne, 1e-3), "公斤": (.tonne, 1e-3), "tonne": (.tonne, 1),
            "tonnes": (.tonne, 1), "kt": (.tonne, 1e3), "mt": (.tonne, 1e6), "gg": (.tonne, 1e3),
            "tg": (.tonne, 1e6), "kgce": (.tonneOfCoalEquivalent, 1e-3),
            "mtce": (.tonneOfCoalEquivalent, 1e6),
            "gj": (.gigajoule, 1), "吉焦": (.gigajoule, 1), "百万千焦": (.gigajoule, 1), "十亿焦耳": (.gigajoule, 1),
            "mj": (.gigajoule, 1e-3), "tj": (.gigajoule, 1e3), "太焦": (.gigajoule, 1e3),
            "pj": (.gigajoule, 1e6),
            "万吉焦": (.gigajoule, 1e4), "万百万千焦": (.gigajoule, 1e4), "万gj": (.gigajoule, 1e4),
            "mwh": (.kilowattHour, 1e3), "兆瓦时": (.kilowattHour, 1e3), "gwh": (.kilowattHour, 1e6),
            "twh": (.kilowattHour, 1e9),
        ]
        for (mark, scale) in [("", 1.0), ("千", 1e3), ("万", 1e4), ("百万", 1e6), ("亿", 1e8)] {
            units["\(mark)t"] = (.tonne, scale)
            units["\(mark)tce"] = (.tonneOfCoalEquivalent, scale)
            units["\(mark)m3"] = (.tenThousandCubicMetres, scale / 1e4)
            units["\(mark)kwh"] = (.kilowattHour, scale)
        }
        return units
    }()
}
