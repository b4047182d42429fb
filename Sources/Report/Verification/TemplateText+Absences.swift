import Quantities

extension TemplateText {
    /// Why a table holds nothing, where the case does not say.
    static func absence(_ code: TableCode) -> LocalizedName {
        switch code {
        case .scope: say("The case states no scope.", "算例未说明范围。")
        case .observations: say("The run named no source of observations.", "本次运行没有列出观测来源。")
        case .inventory: say("The case gives no inventory by sector.", "算例未提供分部门清单。")
        case .result:
            say(
                "Nothing was compared: the case gives no estimate from the air for a region, source or sector.",
                "没有比较对象：算例未提供区域、排放源或部门的自上而下估算。"
            )
        case .subRegions: say("The case names no sub-regions.", "算例未划分子区域。")
        case .sectors: say("The estimate from the air does not tell sectors apart.", "自上而下估算未区分部门。")
        case .facilities: say("The case names no facility.", "算例未列出排放单位。")
        case .trend:
            say(
                "The case gives no yearly series; a trend needs at least three years.",
                "算例未提供逐年序列；趋势检验至少需要三年。"
            )
        case .sensitivity:
            say("The case asks for no other choices to be tried.", "算例未要求敏感性试验。")
        case .fit: say("The run gave no observations to fit.", "本次运行没有可拟合的观测。")
        case .budget: say("The run gave no contributions to the uncertainty.", "本次运行未给出不确定度分量。")
        case .reasons:
            say("No difference asks for a reason or an action.", "没有需要说明原因或处置的差异。")
        case .targets: say("The case gives no targets.", "算例未提供目标。")
        case .lineage: say("No input file was recorded.", "没有记录输入文件。")
        }
    }

    static func absence(_ code: FigureCode) -> LocalizedName {
        switch code {
        case .map: say("The case names no area to draw.", "算例未指定绘图区域。")
        case .series: say("The case gives no yearly series.", "算例未提供逐年序列。")
        case .fluxes:
            say(
                "There are no fluxes on a grid before and after an inversion.",
                "没有反演前后的网格通量。"
            )
        case .bars:
            say("No estimate from the air stands beside a declared one.", "没有可与申报值并列的自上而下估算。")
        case .observations: say("The run gave no observations to fit.", "本次运行没有可拟合的观测。")
        case .databases:
            say("The case names fewer than two bottom-up databases that are there.", "可用的自下而上数据库少于两个。")
        case .quadrant: say("The case gives no indices of state and trend.", "算例未提供状态与趋势指数。")
        case .scenario: say("The case gives no quantiles of a scenario.", "算例未提供情景分位数。")
        }
    }

    private static func say(_ english: String, _ chinese: String) -> LocalizedName {
        LocalizedName(english: english, chinese: chinese)
    }
}
