import Quantities
import Transport

/// What a reader must know before using footprints.
struct FootprintCaveats {
    let all: [LocalizedName]

    init(_ outcome: FootprintOutcome, _ settings: FootprintSettings) {
        var caveats = Self.losses(outcome) + Self.columns(outcome)
        if settings.background != nil { caveats += BackgroundRow.caveats(outcome.results.map(\.background)) }
        if settings.flux != nil { caveats += Self.fluxes(outcome) }
        caveats += Self.above(outcome) + Self.weather(outcome.meteorology)
        if settings.dispersion.direction == .forward {
            caveats.append(
                LocalizedName(
                    english: "Particles were followed onward in time: the maps tell where the air went.",
                    chinese: "粒子为向前（顺时间）追踪：图中为空气的去向。"
                )
            )
        }
        all = caveats + outcome.remarks.map(\.text)
    }

    private static func losses(_ outcome: FootprintOutcome) -> [LocalizedName] {
        var caveats: [LocalizedName] = []
        let left = mean(outcome.results.map(\.shareLeft))
        if left > 0.02 {
            let share = Figure.percent(left)
            caveats.append(
                LocalizedName(
                    english:
                        "\(share) of the particles left the weather before their hours were up; what they would "
                        + "have met later is not in the footprints.",
                    chinese: "\(share) 的粒子在追踪结束前离开气象资料范围，其后的影响未计入印痕。"
                )
            )
        }
        let outside = mean(outcome.results.map(\.account.shareOutside))
        if outside > 0.05 {
            let share = Figure.percent(outside)
            caveats.append(
                LocalizedName(
                    english:
                        "\(share) of the influence of all particles lies outside of the grid and is not in the "
                        + "footprints.",
                    chinese: "所有粒子的影响中有 \(share) 位于网格之外，未计入印痕。"
                )
            )
        }
        let empty = outcome.results.filter { $0.emptiness != nil }
        if let first = empty.first, let reason = first.emptiness?.text {
            caveats.append(
                LocalizedName(
                    english:
                        "\(empty.count) footprints are empty; \(first.receptor.name): \(reason.english).",
                    chinese: "\(empty.count) 个印痕为空；\(first.receptor.name)：\(reason.chinese)。"
                )
            )
        }
        return caveats
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(max(1, values.count))
    }

    /// A summer day mixes the air as high.
    private static let lowTopMetres = 3000.0

    private static func top(_ meteorology: MeteorologySummary) -> [LocalizedName] {
        guard meteorology.topMetres < lowTopMetres else { return [] }
        let top = Int(meteorology.topMetres)
        return [
            LocalizedName(
                english: "The weather reaches \(top) m above ground; its last wind stands for the air above.",
                chinese: "气象资料最高仅至离地 \(top) 米，其上沿用最高层的风。"
            )
        ]
    }

    /// Inlets in air that the weather does not tell of; columns reach there as a rule.
    private static func above(_ outcome: FootprintOutcome) -> [LocalizedName] {
        let top = outcome.meteorology.topMetres
        let lowest = outcome.results.map { ($0.receptor, $0.receptor.points.map(\.heightMetres).min() ?? 0) }
        let above = lowest.filter { $0.1 > top }
        guard let (receptor, height) = above.first else { return [] }
        let (metres, topMetres) = (Figure.text(height, 0), Figure.text(top, 0))
        return [
            LocalizedName(
                english:
                    "\(above.count) receptors lie above the weather, first \(receptor.name) at \(metres) m: its "
                    + "highest level is \(topMetres) m above ground, and the wind they meet is taken from there.",
                chinese:
                    "\(above.count) 个受体高于气象资料，首个为 \(receptor.name)（\(metres) 米）：最高层离地 \(topMetres) 米，"
                    + "其风取自该层。"
            )
        ]
    }

    private static func weather(_ meteorology: MeteorologySummary) -> [LocalizedName] {
        let common = top(meteorology) + withoutDepth(meteorology)
        guard meteorology.boundaryLayer != .read else { return common }
        return common + [
            LocalizedName(
                english:
                    "The weather has no boundary-layer height at some or all times; it was diagnosed from the "
                    + "bulk Richardson number.",
                chinese: "气象资料在部分或全部时次缺少边界层高度，已由整体理查森数诊断得出。"
            )
        ]
    }

    private static func withoutDepth(_ meteorology: MeteorologySummary) -> [LocalizedName] {
        guard meteorology.timesWithoutDepth > 0 else { return [] }
        let (count, all) = (meteorology.timesWithoutDepth, meteorology.times)
        return [
            LocalizedName(
                english:
                    "At \(count) of \(all) times the boundary layer of the weather is nowhere thicker than 1 m, which "
                    + "was taken; no real air is so still everywhere: check the field.",
                chinese: "\(all) 个时次中有 \(count) 个的边界层高度处处不超过 1 米，已按 1 米计算；请检查该变量。"
            )
        ]
    }

    private static func columns(_ outcome: FootprintOutcome) -> [LocalizedName] {
        let columns = outcome.results.map(\.receptor).filter { $0.remainderWeight != 0 }
        let shares = columns.map { $0.remainderWeight / ($0.weight + $0.remainderWeight) }.filter(\.isFinite)
            .sorted()
        guard let most = shares.last, most > 1e-3 else { return [] }
        let middle = Figure.percent(shares[shares.count / 2])
        return [
            LocalizedName(
                english:
                    "\(middle) of the weight of a column, at most \(Figure.percent(most)), lies above its highest "
                    + "release; that air is taken to hold nothing of the fluxes.",
                chinese: "柱的权重中有 \(middle)（最多 \(Figure.percent(most))）位于最高释放点之上，该部分空气视为不受通量影响。"
            )
        ]
    }

    private static func fluxes(_ outcome: FootprintOutcome) -> [LocalizedName] {
        let shares = outcome.results.compactMap(\.enhancement?.missingShare)
        let missing = shares.filter { $0 > 0 && $0 < 1 }
        var caveats: [LocalizedName] = []
        if let most = missing.max() {
            caveats.append(
                LocalizedName(
                    english:
                        "\(missing.count) footprints meet cells or times without a flux, up to "
                        + "\(Figure.percent(most)) of their sum; these count as nothing.",
                    chinese:
                        "\(missing.count) 个印痕遇到没有通量的网格或时刻，最多占其总和的 \(Figure.percent(most))，按零计。"
                )
            )
        }
        let blank = outcome.results.compactMap(\.enhancement?.blankShare).filter { $0 > 0 }
        if let most = blank.max() {
            caveats.append(
                LocalizedName(
                    english:
                        "\(blank.count) footprints meet cells without a value, up to \(Figure.percent(most)) of their "
                        + "sum; --blank-is-zero takes these for no flux.",
                    chinese:
                        "\(blank.count) 个印痕遇到无值网格，最多占其总和的 \(Figure.percent(most))，按 --blank-is-zero 视为无通量。"
                )
            )
        }
        let none = shares.count { $0 >= 1 }
        if none > 0 {
            caveats.append(
                LocalizedName(
                    english: "\(none) footprints meet no known flux at all and have no enhancement.",
                    chinese: "\(none) 个印痕完全没有遇到已知通量，没有浓度增量。"
                )
            )
        }
        return caveats
    }
}
