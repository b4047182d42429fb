import Quantities

/// The columns of the tables: stable keys, titles in both languages.
enum Columns {
    typealias Column = ReportTable.Column

    private static func column(
        _ key: String,
        _ english: String,
        _ chinese: String,
        _ kind: ReportTable.Kind = .text
    ) -> Column {
        Column(key, LocalizedName(english: english, chinese: chinese), kind)
    }

    static let region = column("region", "Region", "区域")
    static let unit = column("unit", "Unit", "单位")
    static let truth = column("truth", "Truth", "真值", .number)

    static let fact = [column("item", "Item", "项目"), column("statement", "Statement", "说明")]

    static let observation = [
        column("source", "Source", "来源"), column("scale", "Calibration scale", "标准气标尺"),
        column("available", "Available", "可用", .count), column("used", "Used", "采用", .count),
        column("capture", "Share used", "采用率", .share),
        column("excluded", "Excluded, with reason", "剔除及原因"),
    ]

    static let sector = [
        column("sector", "Sector", "部门"), unit, column("emission", "Emission", "排放量", .estimate),
        column("share", "Share", "占比", .share), column("method", "Method and factors", "方法与因子"),
    ]

    static let comparison = [
        column("quantity", "Quantity", "对象"), unit,
        column("inventory", "Inventory", "清单", .estimate), column("prior", "Prior", "先验", .estimate),
        column("posterior", "Posterior", "后验", .estimate),
        column("difference", "Difference", "差值", .estimate),
        column("relative_difference", "Relative", "相对差", .share),
        column("z", "z", "z 值", .number),
        column("uncertainty_reduction", "Uncertainty reduction", "不确定度降低", .share),
        column("verdict", "Verdict", "判定", .verdict),
    ]

    static let facility = [
        column("facility", "Facility", "排放单位"), unit,
        column("declared", "Metered or declared", "计量或申报", .estimate),
        column("estimated", "Estimated (prior)", "估算（先验）", .estimate),
        column("posterior", "Posterior", "后验", .estimate), column("z", "z", "z 值", .number),
        column("uncertainty_reduction", "Uncertainty reduction", "不确定度降低", .share),
        column("flag", "Flag", "标识", .verdict),
    ]

    static let residuals = [
        column("observation_kind", "Observed by", "观测方式"),
        column("observations", "Observations used", "采用观测数", .count),
        column("mean_z", "Mean z", "平均 z 值", .number),
        column("cusum_alarm", "CUSUM alarm", "CUSUM 报警"),
        column("ewma_alarm", "EWMA alarm", "EWMA 报警"),
        column("lasting_days", "Days lasting", "持续天数", .count),
        column("cases", "Case", "案例"),
    ]

    static let spread = [
        column("median", "Median", "中位数", .number),
        column("relative_range", "Range over median", "极差/中位数", .share),
        column("apart", "Stands apart", "离群"),
    ]

    static let trend = [
        column("series", "Series", "序列"), unit, column("years", "Years", "年份"),
        column("n", "n", "n", .count), column("slope", "Sen slope per year", "Sen 斜率（每年）", .interval),
        column("s", "S", "S", .count), column("z", "MK z", "MK z 值", .number),
        column("p", "p", "p", .number), column("null", "Null distribution", "零分布"),
        column("statement", "Reading", "判读"),
    ]

    static let sensitivity = [
        column("choice", "Choice", "选择"), column("quantity", "Quantity", "对象"), unit,
        column("posterior", "Posterior", "后验", .estimate),
        column("shift", "Shift from base, σ", "与基准之差（σ）", .number),
    ]

    static let fit = [
        column("source", "Source", "来源"), unit, column("n", "n", "n", .count),
        column("bias_prior", "Bias, prior", "偏差（先验）", .number),
        column("bias_posterior", "Bias, posterior", "偏差（后验）", .number),
        column("rmse_prior", "RMSE, prior", "均方根误差（先验）", .number),
        column("rmse_posterior", "RMSE, posterior", "均方根误差（后验）", .number),
        column("r_prior", "r, prior", "r（先验）", .number),
        column("r_posterior", "r, posterior", "r（后验）", .number),
        column("chi2_prior", "χ²/n, prior", "χ²/n（先验）", .number),
        column("chi2_posterior", "χ²/n, posterior", "χ²/n（后验）", .number),
    ]

    static let budget = [
        column("component", "Component", "分量"), column("quantity", "Quantity", "对象"), unit,
        column("sigma", "Standard uncertainty", "标准不确定度", .number),
        column("share", "Share of variance", "方差占比", .share), column("basis", "Basis", "依据"),
    ]

    static let reasons = [
        column("subject", "Subject", "对象"), column("evidence", "Evidence", "证据"),
        column("reason", "Candidate reason", "可能原因"), column("action", "Action", "处置"),
        column("state", "State", "状态"),
    ]

    static let targets = [
        column("indicator", "Indicator", "指标"), region, column("kind", "Kind", "类型"), unit,
        column("base_year", "Base year", "基年"), column("base", "Base", "基数", .number),
        column("target_year", "Target year", "目标年"),
        column("target", "Target", "目标值", .number), column("actual_year", "Latest year", "最近年份"),
        column("actual", "Reached", "实际值", .number), column("progress", "Progress", "进度", .share),
        column("source", "Source", "来源"),
    ]

    static let lineage = [
        column("role", "Role", "用途"), column("name", "Name or value", "名称或取值"),
        column("credit", "Source and licence", "来源与许可"), column("sha256", "SHA-256", "SHA-256"),
    ]
}
