import Quantities

/// Every text of the page of a footprint run in both languages; `{0}` and on stand for values.
enum FootprintMessage: String, CaseIterable {
    case kind, receptors, receptor, influence, areaKey, outline, hoursKey, hoursAxis, heightAxis
    case summaryTitle, lead, leadOne, leadNone, explained, sumRange, receptorTime
    case mapsTitle, meanFigure, oneFigure, noMap, areaNote
    case particlesTitle, planFigure, sectionFigure, dotNote
    case tableTitle, table, time, place, height, points, sum, left, leftGrid, outside, transport, tableNote,
        sharesNote,
        transportNote, manyRows
    case enhancement, enhancementError, background, missingFlux, missingBackground, missingNote

    var text: LocalizedName { Self.texts[self] ?? LocalizedName(english: rawValue) }

    static let texts: [FootprintMessage: LocalizedName] =
        [summaryTexts, pictureTexts, tableTexts]
        .reduce(into: [:]) { table, section in table.merge(section) { first, _ in first } }

    private static func both(_ english: String, _ chinese: String) -> LocalizedName {
        LocalizedName(english: english, chinese: chinese)
    }

    private static let summaryTexts: [FootprintMessage: LocalizedName] = [
        .kind: both("Footprints", "印痕（足迹）计算报告"),
        .receptors: both("Receptors", "受体数"),
        .receptor: both("receptor", "受体"),
        .summaryTitle: both("Summary", "概要"),
        .lead: both(
            "{0} receptors; the median of the sums of their footprints is {1} {2}.",
            "共 {0} 个受体，各印痕总和的中位数为 {1} {2}。"
        ),
        .leadOne: both("The footprint sums to {0} {1}.", "印痕总和为 {0} {1}。"),
        .leadNone: both("There is no footprint to show.", "没有可显示的印痕。"),
        .explained: both(
            """
            A footprint tells by how much an emission of one unit at each place raises the mole fraction at the \
            receptor. Its product with a flux, summed over the map, is the enhancement.
            """,
            "印痕表示各地单位排放通量使受体处摩尔分数升高的量；与通量相乘并在图上求和，即得受体处的浓度增量。"
        ),
        .sumRange: both("Sums of footprints", "印痕总和范围"),
        .receptorTime: both("Times of receptors", "受体时间"),
    ]

    private static let pictureTexts: [FootprintMessage: LocalizedName] = [
        .influence: both("Surface influence", "地表影响"),
        .areaKey: both("{0} of the influence", "占影响的 {0}"),
        .outline: both("region", "区域界线"),
        .hoursKey: both("hours", "小时"),
        .hoursAxis: both("hours from the receptor", "距受体时刻的小时数"),
        .heightAxis: both("m above ground", "离地高度（米）"),
        .mapsTitle: both("Maps", "地图"),
        .meanFigure: both("Mean footprint of all receptors, {0}", "全部受体的平均印痕，{0}"),
        .oneFigure: both("Footprint of {0} at {1} UTC, {2}", "{0} 在 {1} UTC 的印痕，{2}"),
        .noMap: both("There is nothing to draw.", "没有可绘制的内容。"),
        .areaNote: both(
            "Lines enclose the cells of largest influence that together hold 50 %, 80 % and 90 % of the whole.",
            "线条围出影响最大的网格，它们合计占全部影响的 50 %、80 % 和 90 %。"
        ),
        .particlesTitle: both("Particles", "粒子"),
        .planFigure: both("Particles of {0} from above", "{0} 的粒子平面分布"),
        .sectionFigure: both("Particles of {0} by height and time", "{0} 的粒子高度与时间分布"),
        .dotNote: both(
            "Each dot is a particle at one moment; the same one is drawn at several.",
            "每个点为一个粒子在某一时刻的位置；同一粒子在多个时刻绘出。"
        ),
    ]

    private static let tableTexts: [FootprintMessage: LocalizedName] = [
        .tableTitle: both("Receptor by receptor", "逐个受体"),
        .table: both("Receptors and the sums of their footprints", "受体及其印痕总和"),
        .time: both("Time (UTC)", "时间（UTC）"),
        .place: both("Place", "位置"),
        .height: both("Height (m)", "高度（米）"),
        .points: both("Points", "释放点数"),
        .sum: both("Sum of footprint", "印痕总和"),
        .left: both("Particles that left the weather", "离开气象资料的粒子"),
        .leftGrid: both("Particles that left the grid", "离开网格的粒子"),
        .outside: both("Influence outside of the grid", "网格外的影响"),
        .transport: both("Transport error", "传输误差"),
        .enhancement: both("From fluxes (ppm)", "通量贡献（ppm）"),
        .enhancementError: both("Its transport error (ppm)", "其传输误差（ppm）"),
        .background: both("Background (ppm)", "本底（ppm）"),
        .tableNote: both(
            """
            Sums in {0}. Places of drives, columns and paths are means.
            """,
            "总和单位为 {0}。走航、柱和路径受体的位置为平均值。"
        ),
        .sharesNote: both(
            """
            Particles that left the weather before their hours were up, and those that left the grid for good, are \
            shares of the particles of a receptor, by weight. Influence outside of the grid is a share of the \
            influence of all its particles: it is not in the sum. What particles would have met \
            beyond the weather is not known.
            """,
            """
            “离开气象资料的粒子”（在追踪时间结束前离开）与“离开网格的粒子”（不再返回）均为占该受体全部粒子的比例（按权重）。\
            “网格外的影响”为占其全部粒子影响的比例，未计入总和。粒子离开气象资料后的影响未知。
            """
        ),
        .missingFlux: both("Footprint without flux", "无通量的印痕"),
        .missingBackground: both("Edge without mole fraction", "无浓度的边界粒子"),
        .missingNote: both(
            """
            Footprint without flux: share of the sum of the footprint that met no known flux and counts as nothing. \
            Edge without mole fraction: share of the particles that left the grid for which the boundary has no mole \
            fraction; they are left out of the background.
            """,
            """
            “无通量的印痕”为印痕总和中未遇到已知通量的比例，按零计。“无浓度的边界粒子”为离开网格的粒子中边界没有浓度的比例，未计入本底。
            """
        ),
        .transportNote: both(
            """
            Transport error: standard deviation that errors of the weather give the sum of the footprint. It is the \
            square root of the variance over {0} runs in perturbed weather less the variance over as many runs in the \
            weather of the files with other random numbers, and 0 where the first is not the larger; \
            the transport error of the \
            enhancement likewise.
            """,
            """
            传输误差：气象误差引起的印痕总和标准差，即 {0} 次扰动气象计算的方差减去同样次数、仅更换随机数的原气象计算的方差后的平方根\
            （前者不大于后者时为 0）；增量的传输误差同理。
            """
        ),
        .manyRows: both("{0} further receptors are not listed.", "另有 {0} 个受体未列出。"),
    ]
}

extension ReportContext {
    /// A message with its placeholders filled.
    func words(_ message: FootprintMessage, _ values: String...) -> String {
        var text = message.text[language]
        for (index, value) in values.enumerated() {
            text = text.split(separator: "{\(index)}", omittingEmptySubsequences: false).joined(
                separator: value
            )
        }
        return text
    }
}
