import Observations
import Quantities

/// Every text of the satellite quality page in both languages; `{0}` and on stand for values.
enum SatelliteMessage: String, CaseIterable {
    case kind, soundingsUsed, grid, summaryTitle, lead, leadEmpty, method, weighting, window, products,
        platforms,
        productShare, severalProducts, builds, scale, unstatedScale, cellSize, projectedCellSize, projection,
        cellsFilled,
        areaCovered, medianError,
        medianCount
    case filesTitle, filesTable, file, product, read, used, noFiles, manyFiles, windowsTable, windowColumn,
        soundings,
        cells,
        meanColumn, wholeTime
    case rejectionTitle, rejectionTable, reason, count, share, nothingRejected, reordered
    case mapsTitle, meanMap, errorMap, countMap, combined, countUnit, noCells, outline
    case distributionTitle, valueHistogram, countHistogram, valueAxis, cellsAxis, countAxis
    case regionTitle, regionTable, region, cellsTotal, areaShare, wholeGrid, regionNote, otherGrid

    var text: LocalizedName { Self.texts[self] ?? LocalizedName(english: rawValue) }

    static let texts: [SatelliteMessage: LocalizedName] =
        [summaryTexts, inputTexts, drawingTexts, regionTexts]
        .reduce(into: [:]) { table, section in table.merge(section) { first, _ in first } }

    private static func both(_ english: String, _ chinese: String) -> LocalizedName {
        LocalizedName(english: english, chinese: chinese)
    }

    private static let summaryTexts: [SatelliteMessage: LocalizedName] = [
        .kind: both("Satellite product quality", "卫星产品质量报告"),
        .soundingsUsed: both("Soundings used", "采用观测数"),
        .grid: both("Grid", "网格"),
        .summaryTitle: both("Summary", "概要"),
        .lead: both(
            "Of {0} soundings read, {1} were used. They fill {2} of {3} grid cells, {4} of the area of the grid.",
            "共读取 {0} 个观测，采用 {1} 个，覆盖 {3} 个网格中的 {2} 个，占网格总面积的 {4}。"
        ),
        .leadEmpty: both(
            "Of {0} soundings read none fell into the grid.",
            "共读取 {0} 个观测，没有观测落入网格。"
        ),
        .method: both("Gridding method", "网格化方法"),
        .weighting: both("Weighting", "加权方式"),
        .window: both("Time window", "时间窗"),
        .products: both("Products", "产品"),
        .platforms: both("Platforms", "卫星平台"),
        .productShare: both("{0} ({1} soundings)", "{0}（{1} 个观测）"),
        .severalProducts: both(
            """
            Soundings of several products are averaged as they are: biases between the instruments or retrievals are \
            not removed.
            """,
            "多个产品的观测按原值平均：未消除仪器或反演算法之间的偏差。"
        ),
        .builds: both("Retrieval versions", "反演版本"),
        .scale: both("Calibration scale", "标尺"),
        .unstatedScale: both("not stated", "未说明"),
        .cellSize: both("{0} × {1} cells of {2}° × {3}°", "{0} × {1} 个网格，每格 {2}° × {3}°"),
        .projectedCellSize: both(
            "{0} × {1} cells of {2} km × {3} km in {4}",
            "{0} × {1} 个网格，每格 {2} km × {3} km，投影为 {4}"
        ),
        .projection: both(
            "Drawn in the plane of {0}: distances are those of its coordinates, and north is not up everywhere.",
            "按 {0} 投影平面绘制：距离以投影坐标为准，上方不一定是正北。"
        ),
        .cellsFilled: both("Cells with data", "有数据网格"),
        .areaCovered: both("Area with data", "有数据面积"),
        .medianError: both("Median standard error of a cell", "网格标准误差中位数"),
        .medianCount: both("Median soundings in a cell", "单个网格观测数中位数"),
    ]

    private static let inputTexts: [SatelliteMessage: LocalizedName] = [
        .filesTitle: both("What was read", "读取的数据"),
        .filesTable: both("Files, with the SHA-256 of their content", "输入文件及其内容的 SHA-256"),
        .file: both("File", "文件"),
        .product: both("Product", "产品"),
        .read: both("Read", "读取"),
        .used: both("Used", "采用"),
        .noFiles: both("No file is recorded.", "没有输入文件记录。"),
        .manyFiles: both("The {0} files that were read", "读取的 {0} 个文件"),
        .windowsTable: both(
            "Windows of time, UTC; mean over the filled cells by area ± its standard error, ppm",
            "各时间窗（UTC）；有数据网格按面积的平均值 ± 标准误差，ppm"
        ),
        .windowColumn: both("Window", "时间窗"),
        .soundings: both("Soundings in cells", "网格内观测数"),
        .cells: both("Cells", "网格数"),
        .meanColumn: both("Mean", "平均值"),
        .wholeTime: both("all times together", "全部时段"),
        .rejectionTitle: both("Soundings that were not used", "未采用的观测"),
        .rejectionTable: both(
            "Soundings left out, by reason; share of all that were read",
            "按原因统计的剔除观测；占全部读取观测的比例"
        ),
        .reason: both("Reason", "原因"),
        .count: both("Soundings", "观测数"),
        .share: both("Share", "比例"),
        .nothingRejected: both("Every sounding that was read was used.", "读取的观测全部采用。"),
        .reordered: both(
            "The corners of {0} footprints were given crosswise and were put in order.",
            "{0} 个足迹的角点按交叉顺序给出，已重新排序。"
        ),
    ]

    private static let drawingTexts: [SatelliteMessage: LocalizedName] = [
        .mapsTitle: both("Maps", "分布图"),
        .meanMap: both("Mean {0} of the cells, {1}", "网格平均 {0}，{1}"),
        .errorMap: both("Standard error of the mean {0}, {1}", "{0} 网格平均值的标准误差，{1}"),
        .countMap: both("Number of soundings in the cell", "网格内观测数"),
        .combined: both(
            """
            Cells without soundings are white; nothing is interpolated. With several windows of time the maps show \
            them together, weighted by what each window knows of the cell.
            """,
            "无观测的网格为白色，未作插值。有多个时间窗时，图中按各窗权重合并显示。"
        ),
        .countUnit: both("n", "个"),
        .outline: both("Boundary of a region", "区域边界"),
        .noCells: both("There is nothing to draw: no cell holds a sounding.", "没有可绘制的数据：网格内没有观测。"),
        .distributionTitle: both("Distributions", "频数分布"),
        .valueHistogram: both(
            "Cells by their mean; dashed the median, {0} {1}",
            "按网格平均值统计的网格数；虚线为中位数 {0} {1}"
        ),
        .countHistogram: both("Cells by the number of their soundings", "按观测数统计的网格数"),
        .valueAxis: both("Mean of the cell, {0}", "网格平均值，{0}"),
        .cellsAxis: both("Cells", "网格数"),
        .countAxis: both("Soundings in the cell", "网格内观测数"),
    ]

    private static let regionTexts: [SatelliteMessage: LocalizedName] = [
        .regionTitle: both("Coverage by region", "分区覆盖情况"),
        .regionTable: both(
            "Cells with data by region; the share is one of area, the mean over the filled cells in ppm",
            "各区域有数据的网格；比例按面积计，平均值为有数据网格的平均，ppm"
        ),
        .region: both("Region", "区域"),
        .cellsTotal: both("of", "总数"),
        .areaShare: both("Share of area", "面积比例"),
        .wholeGrid: both("Whole grid", "全部网格"),
        .regionNote: both(
            """
            A cell on a border is a cell of each of its regions: area and mean take the part of it that lies within, \
            its soundings count in full. A sounding that touches several cells counts in each of them.
            """,
            "位于边界上的网格同时属于相邻各区域：面积与平均值按其在区域内的部分计，观测数全部计入。跨越多个网格的观测在每个网格中各计一次。"
        ),
        .otherGrid: both(
            "The region set is on another grid, so coverage by region cannot be told.",
            "区域集与产品网格不同，无法统计分区覆盖。"
        ),
    ]
}

extension RejectionReason {
    /// What a reader calls it.
    var name: LocalizedName {
        switch self {
        case .missingValue: LocalizedName(english: "A value is missing", chinese: "数值缺失")
        case .qualityFlag:
            LocalizedName(english: "Flagged by the producer as not good", chinese: "数据提供方质量标记为不可用")
        case .failedFilter: LocalizedName(english: "Outside a threshold of the settings", chinese: "超出筛选阈值")
        case .invalidPosition: LocalizedName(english: "Position impossible", chinese: "位置无效")
        case .invalidTime:
            LocalizedName(english: "Time unreadable or impossible", chinese: "时间无法识别或无效")
        case .invalidUncertainty: LocalizedName(english: "Uncertainty impossible", chinese: "不确定度无效")
        case .implausibleValue: LocalizedName(english: "Value impossible for the gas", chinese: "数值不合理")
        case .invalidFootprint: LocalizedName(english: "Footprint missing or degenerate", chinese: "足迹缺失或退化")
        case .polarFootprint:
            LocalizedName(
                english: "Footprint round a pole, without a shape in longitude and latitude",
                chinese: "足迹环绕极点，在经纬度平面上无形状"
            )
        case .displacedFootprint:
            LocalizedName(english: "Corners away from the centre, or too far apart", chinese: "角点远离中心或间距过大")
        case .contradictoryTime:
            LocalizedName(english: "Time and identifier contradict each other", chinese: "时间与观测编号不一致")
        case .inconsistentOperator:
            LocalizedName(english: "Averaging operator inconsistent", chinese: "平均核算子不自洽")
        case .outsideGrid: LocalizedName(english: "Outside the grid", chinese: "网格范围之外")
        case .outsidePeriod: LocalizedName(english: "Outside the period", chinese: "时段之外")
        case .duplicate: LocalizedName(english: "Seen before", chinese: "重复观测")
        }
    }
}

extension ReportContext {
    /// A message with its placeholders filled.
    func phrase(_ message: SatelliteMessage, _ values: String...) -> String {
        var text = message.text[language]
        for (index, value) in values.enumerated() {
            text = text.split(separator: "{\(index)}", omittingEmptySubsequences: false).joined(
                separator: value
            )
        }
        return text
    }
}
