import Quantities

extension Message {
    /// Solvers side by side.
    static let solverTexts: [Message: LocalizedName] = [
        .solversTitle: LocalizedName(english: "Solvers compared", chinese: "求解方法对比"),
        .solversTable: LocalizedName(
            english: "{0}: what each solver found, value ± standard uncertainty; unit {1}",
            chinese: "{0}：各求解方法的结果，数值 ± 标准不确定度；单位：{1}"
        ),
        .solversNote: LocalizedName(
            english: """
                Differences from the exact solution are in its standard uncertainties. Solvers of the same model \
                differ by rounding or, where numbers are drawn, by their Monte Carlo error; another model may \
                differ, and does where bounds or outliers matter.
                """,
            chinese: """
                差异以精确解的标准不确定度为单位。同一模型的各方法之间应只有舍入误差；随机抽样方法另有蒙特卡洛误差。\
                另一模型的结果可以不同：边界或离群值起作用时即有差异。
                """
        ),
        .solver: LocalizedName(english: "Solver", chinese: "求解方法"),
        .differenceInSigma: LocalizedName(english: "Difference, σ", chinese: "差异（σ）"),
        .monteCarloError: LocalizedName(english: "Monte Carlo error, σ", chinese: "蒙特卡洛误差（σ）"),
        .anotherModel: LocalizedName(english: " (another model)", chinese: "（另一模型）"),
    ]
}
