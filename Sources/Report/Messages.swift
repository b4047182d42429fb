import Quantities

extension Message {
    /// Header and words used everywhere.
    static let headerTexts: [Message: LocalizedName] = [
        .kind: LocalizedName(english: "Emission verification report", chinese: "温室气体排放核查报告"),
        .gas: LocalizedName(english: "Gas", chinese: "气体"),
        .period: LocalizedName(english: "Period", chinese: "时段"),
        .region: LocalizedName(english: "Region", chinese: "区域"),
        .to: LocalizedName(english: "to", chinese: "至"),
        .otherLanguage: LocalizedName(english: "中文版", chinese: "English version"),
        .generatedBy: LocalizedName(
            english: """
                Produced by {0}. Every number can be followed back through the provenance section.
                """,
            chinese: "由 {0} 生成。每个数字均可由“数据溯源”一节追溯到输入数据。"
        ),
        .generatedWithLineage: LocalizedName(
            english: """
                Produced by {0}. Every number can be followed back to its inputs through “Lineage and signatures”.
                """,
            chinese: "由 {0} 生成。每个数字均可由“溯源与签署”一节追溯到输入数据。"
        ),
        .notAvailable: LocalizedName(english: "n/a", chinese: "无"),
        .missingNote: LocalizedName(
            english: "n/a: the result holds no finite number here.",
            chinese: "“无”：结果中此处没有有效数值。"
        ),
        .unknownDeviationNote: LocalizedName(
            english: "± ?: the standard deviation is not known or not stated; the number is not certain.",
            chinese: "“± ?”：标准差未知或未给出，数值并不确定。"
        ),
        .barsWithoutDeviation: LocalizedName(
            english: "?: the standard deviation is not known or not stated; such a bar is not certain.",
            chinese: "“?”：标准差未知或未给出，该条形并不代表确定的数值。"
        ),
    ]

    /// Headline results and verdicts.
    static let resultsTexts: [Message: LocalizedName] = [
        .resultsTitle: LocalizedName(english: "Headline results", chinese: "主要结果"),
        .resultsNote: LocalizedName(
            english: """
                What follows ± is one standard uncertainty. Each number leads to its row in the tables.
                """,
            chinese: "± 后为一倍标准不确定度。点击数字可跳转到表中对应行。"
        ),
        .emptyGroup: LocalizedName(
            english: "This group holds no compared quantity.",
            chinese: "本组没有比较对象。"
        ),
        .declared: LocalizedName(english: "Inventory", chinese: "清单"),
        .furtherComparisons: LocalizedName(english: "{0} more in the table", chinese: "其余 {0} 项见表"),
        .verdictConsistent: LocalizedName(english: "Consistent with the inventory", chinese: "与清单一致"),
        .verdictTension: LocalizedName(english: "In tension with the inventory", chinese: "与清单存在偏差"),
        .verdictInconsistent: LocalizedName(
            english: "Inconsistent with the inventory",
            chinese: "与清单显著不符"
        ),
        .verdictNotConstrained: LocalizedName(
            english: "Not constrained by the observations",
            chinese: "观测约束不足，不作判定"
        ),
        .shortConsistent: LocalizedName(english: "consistent", chinese: "一致"),
        .shortTension: LocalizedName(english: "tension", chinese: "存在偏差"),
        .shortInconsistent: LocalizedName(english: "inconsistent", chinese: "显著不符"),
        .shortNotConstrained: LocalizedName(english: "not constrained", chinese: "约束不足"),
        .reservationNotFinite: LocalizedName(
            english: "a figure is missing or not finite",
            chinese: "有数值缺失或无效"
        ),
        .reservationNoPriorUncertainty: LocalizedName(
            english: "the prior has no uncertainty",
            chinese: "先验没有不确定度"
        ),
        .reservationSmallReduction: LocalizedName(
            english: "uncertainty reduction below 20 %",
            chinese: "不确定度降低不足 20 %"
        ),
        .reservationFollowsPrior: LocalizedName(
            english: "posterior follows the prior (correlation above 0.9)",
            chinese: "后验仍跟随先验（相关系数大于 0.9）"
        ),
        .reservationNoSigma: LocalizedName(
            english: "the difference has no uncertainty",
            chinese: "差值没有不确定度"
        ),
        .reservationNoUncertainty: LocalizedName(
            english: "the inventory or the result states no uncertainty",
            chinese: "清单值或反演结果未给出不确定度"
        ),
        .verdictRule: LocalizedName(
            english: """
                Verdict by z, the difference over its standard uncertainty: consistent below 1, tension \
                from 1 to 2, inconsistent above 2. None is given where the uncertainty falls by less \
                than 20 % or the posterior follows the prior. Where the inventory is also the prior, z \
                allows for their correlation.
                """,
            chinese: """
                按 z（差值与其标准不确定度之比）判定：绝对值小于 1 为一致，1 至 2 为存在偏差，大于 2 为显著不符。不确定度降低不足 20 % 或后验仍跟随先验时不作\
                判定。清单同时用作先验时，z 已计入二者的相关性。
                """
        ),
        .falseDiscoverySome: LocalizedName(
            english: """
                Allowing for {0} verdicts at once (Benjamini–Hochberg, false-discovery rate of at most {1}), \
                these stay inconsistent: {2}.
                """,
            chinese: "计入 {0} 项判定的多重比较（Benjamini–Hochberg 法，错误发现率不超过 {1}）后，仍显著不符的有：{2}。"
        ),
        .falseDiscoveryNone: LocalizedName(
            english: """
                Allowing for {0} verdicts at once (Benjamini–Hochberg, false-discovery rate of at most {1}), \
                none stays inconsistent.
                """,
            chinese: "计入 {0} 项判定的多重比较（Benjamini–Hochberg 法，错误发现率不超过 {1}）后，没有显著不符者。"
        ),
    ]

    /// Comparison tables and bars.
    static let comparisonTexts: [Message: LocalizedName] = [
        .inventory: LocalizedName(english: "Inventory", chinese: "清单"),
        .prior: LocalizedName(english: "Prior", chinese: "先验"),
        .posterior: LocalizedName(english: "Posterior", chinese: "后验"),
        .truth: LocalizedName(english: "Truth", chinese: "真值"),
        .truthOfSimulation: LocalizedName(
            english: "Truth (known in a simulation)",
            chinese: "真值（模拟试验已知）"
        ),
        .interval: LocalizedName(english: "95 % interval", chinese: "95 % 区间"),
        .difference: LocalizedName(english: "Difference", chinese: "差值"),
        .zScore: LocalizedName(english: "z", chinese: "z 值"),
        .reduction: LocalizedName(english: "Uncertainty reduction", chinese: "不确定度降低"),
        .verdict: LocalizedName(english: "Verdict", chinese: "判定"),
        .quantity: LocalizedName(english: "Quantity", chinese: "对象"),
        .comparisonFigure: LocalizedName(
            english: "{0}: inventory, prior and posterior with 95 % intervals",
            chinese: "{0}：清单、先验与后验及其 95 % 区间"
        ),
        .correlationTable: LocalizedName(
            english: "{0}: correlation of the posterior errors",
            chinese: "{0}：后验误差的相关系数"
        ),
        .correlationNote: LocalizedName(
            english: "Strongly negative values: the observations fix the sum better than its parts.",
            chinese: "强负相关表示观测对总和的约束优于对各部分的约束。"
        ),
        .correlationMisfit: LocalizedName(
            english: """
                The correlation matrix is not shown: its size does not fit the compared quantities.
                """,
            chinese: "未列出相关矩阵：其大小与比较对象的个数不符。"
        ),
        .barsOmitted: LocalizedName(
            english: "The first {0} of {1} are drawn.",
            chinese: "图中绘出前 {0} 项，共 {1} 项。"
        ),
    ]

    /// Map.
    static let mapTexts: [Message: LocalizedName] = [
        .mapFigure: LocalizedName(english: "Domain, regions and sites", chinese: "研究区域、分区与站点"),
        .mapFigureLayer: LocalizedName(
            english: "Domain, regions and sites; colours: {0} ({1})",
            chinese: "研究区域、分区与站点；底色：{0}（{1}）"
        ),
        .station: LocalizedName(english: "Station", chinese: "观测站"),
        .source: LocalizedName(english: "Emission source", chinese: "排放源"),
        .comparedOutline: LocalizedName(english: "Compared region", chinese: "比较区域"),
        .otherOutline: LocalizedName(english: "Other boundary", chinese: "其他边界"),
        .scaleLabel: LocalizedName(english: "{0} km at {1}", chinese: "{0} km（{1}）"),
        .credit: LocalizedName(english: "Boundaries: {0}", chinese: "边界来源：{0}"),
        .noMapData: LocalizedName(
            english: "No cell of the layer has a value inside the map.",
            chinese: "图层在图幅内没有有效值。"
        ),
        .north: LocalizedName(english: "N", chinese: "北"),
    ]

    /// Fit and state vector.
    static let fitTexts: [Message: LocalizedName] = [
        .stateTitle: LocalizedName(english: "State vector", chinese: "状态向量"),
        .stateTable: LocalizedName(
            english: "What the inversion solved for: value ± standard uncertainty",
            chinese: "反演求解的各量：数值 ± 标准不确定度"
        ),
        .noState: LocalizedName(english: "The run gave no state vector.", chinese: "本次运行没有给出状态向量。"),
        .element: LocalizedName(english: "Element", chinese: "要素"),
        .unit: LocalizedName(english: "Unit", chinese: "单位"),
        .averagingKernel: LocalizedName(english: "Averaging kernel", chinese: "平均核"),
        .averagingKernelNote: LocalizedName(
            english: """
                Averaging kernel (diagonal): 1 means determined by the observations, 0 by the prior.
                """,
            chinese: "平均核（对角元）：1 表示完全由观测决定，0 表示完全由先验决定。"
        ),
        .furtherStates: LocalizedName(english: "{0} further elements", chinese: "其余 {0} 个要素"),
        .fitTitle: LocalizedName(english: "Fit to the observations", chinese: "对观测的拟合"),
        .fitSeries: LocalizedName(
            english: "Observations and model before and after the inversion ({0})",
            chinese: "反演前后的模型值与观测值（{0}）"
        ),
        .fitScatter: LocalizedName(
            english: "Model against observation before and after the inversion ({0})",
            chinese: "反演前后模型值与观测值的散点（{0}）"
        ),
        .fitResiduals: LocalizedName(
            english: "Residuals, model minus observation, before and after ({0})",
            chinese: "反演前后的残差（模型减观测，{0}）"
        ),
        .observed: LocalizedName(english: "Observed", chinese: "观测"),
        .observedSigma: LocalizedName(english: "Observed ± 1σ", chinese: "观测 ± 1σ"),
        .unused: LocalizedName(english: "Not used", chinese: "未使用"),
        .count: LocalizedName(english: "Number n", chinese: "样本数 n"),
        .bias: LocalizedName(english: "Bias (model − observation)", chinese: "偏差（模型 − 观测）"),
        .correlation: LocalizedName(english: "Correlation r", chinese: "相关系数 r"),
        .chiSquareNote: LocalizedName(
            english: "χ²/n near 1 after the inversion: the stated errors are honest.",
            chinese: "反演后 χ²/n 接近 1 表示给定误差合理。"
        ),
        .chiSquareTuned: LocalizedName(
            english: """
                The model error was set so that the cost J/n is 1: χ²/n after the inversion follows from that and is \
                no check of the errors.
                """,
            chinese: "模式误差按代价 J/n 等于 1 确定，反演后的 χ²/n 由此得出，不构成对误差的检验。"
        ),
        .before: LocalizedName(english: "Before (prior)", chinese: "反演前（先验）"),
        .after: LocalizedName(english: "After (posterior)", chinese: "反演后（后验）"),
        .density: LocalizedName(english: "The darker, the more observations.", chinese: "颜色越深，观测越多。"),
        .residual: LocalizedName(english: "Model − observation", chinese: "模型 − 观测"),
        .timeAxis: LocalizedName(english: "UTC", chinese: "UTC 时间"),
        .modelled: LocalizedName(english: "Model", chinese: "模型"),
        .clipped: LocalizedName(
            english: "{0} observations lie outside the axes.",
            chinese: "{0} 个观测超出坐标范围。"
        ),
    ]

    /// Diagnostics, observations, caveats, provenance.
    static let qualityTexts: [Message: LocalizedName] = [
        .diagnosticsTitle: LocalizedName(english: "Diagnostics", chinese: "诊断"),
        .diagnosticsTable: LocalizedName(english: "Diagnostics of the inversion", chinese: "反演诊断量"),
        .noDiagnostics: LocalizedName(english: "The run gave no diagnostics.", chinese: "本次运行没有给出诊断量。"),
        .diagnostic: LocalizedName(english: "Diagnostic", chinese: "诊断量"),
        .value: LocalizedName(english: "Value", chinese: "数值"),
        .shouldBe: LocalizedName(english: "What it should be", chinese: "应有的取值"),
        .available: LocalizedName(english: "Available", chinese: "可用"),
        .used: LocalizedName(english: "Used", chinese: "采用"),
        .scale: LocalizedName(english: "Calibration scale", chinese: "标准气标尺"),
        .exclusions: LocalizedName(english: "Excluded, with reason", chinese: "剔除及原因"),
        .nothingExcluded: LocalizedName(english: "none", chinese: "无剔除"),
        .unexplained: LocalizedName(english: "{0} without a stated reason", chinese: "{0} 个未注明原因"),
        .caveatsTitle: LocalizedName(
            english: "What to know before using these numbers",
            chinese: "使用前须知"
        ),
        .provenanceTitle: LocalizedName(english: "Provenance", chinese: "数据溯源"),
        .software: LocalizedName(english: "Software", chinese: "软件"),
        .command: LocalizedName(english: "Command", chinese: "命令"),
        .role: LocalizedName(english: "Role", chinese: "用途"),
        .file: LocalizedName(english: "File", chinese: "文件"),
        .sha256: LocalizedName(english: "SHA-256", chinese: "SHA-256"),
        .inputsTable: LocalizedName(english: "Inputs", chinese: "输入文件"),
        .noInputs: LocalizedName(english: "No input file was recorded.", chinese: "没有记录输入文件。"),
        .inputCredit: LocalizedName(english: "Credit", chinese: "来源"),
        .environmentTable: LocalizedName(english: "Environment of the run", chinese: "运行环境"),
        .configuration: LocalizedName(english: "Configuration as it was run", chinese: "运行所用配置"),
        .figure: LocalizedName(english: "Figure {0}", chinese: "图 {0}"),
        .table: LocalizedName(english: "Table {0}", chinese: "表 {0}"),
    ]
}
