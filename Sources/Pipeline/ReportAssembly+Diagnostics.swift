import Inversion
import Quantities
import Report

extension ReportAssembly {
    func diagnostics(_ result: ProblemResult) -> [Diagnostic] {
        var rows = [degreesOfFreedom(result), cost(result)]
        if let error = result.prepared.modelErrorPartsPerMillion { rows.append(modelError(error)) }
        if let difference = result.spaceDisagreement { rows.append(disagreement(difference)) }
        guard results.count > 1 else { return rows }
        return rows.map { row in
            Diagnostic(
                name: LocalizedName(
                    english: "\(result.prepared.title.english): \(row.name.english)",
                    chinese: "\(result.prepared.title.chinese)：\(row.name.chinese)"
                ),
                value: row.value,
                meaning: row.meaning
            )
        }
    }

    private func degreesOfFreedom(_ result: ProblemResult) -> Diagnostic {
        let states = result.posterior.mean.count
        return Diagnostic(
            name: LocalizedName(english: "Degrees of freedom for signal", chinese: "信号自由度（DOFS）"),
            value: result.posterior.degreesOfFreedomForSignal,
            meaning: LocalizedName(
                english: "independent pieces of information out of \(states) state elements",
                chinese: "\(states)个状态量中由观测独立确定的信息数"
            )
        )
    }

    private func cost(_ result: ProblemResult) -> Diagnostic {
        Diagnostic(
            name: LocalizedName(english: "Cost per observation J/n", chinese: "单位观测代价 J/n"),
            value: result.posterior.costPerObservation,
            meaning: result.prepared.isModelErrorTuned
                ? LocalizedName(
                    english: "1 by construction: the model error was set to reach it, so it is no check",
                    chinese: "恒为1：模式误差即按此确定，不构成检验"
                )
                : LocalizedName(
                    english: "near 1 when the stated errors are honest; far above 1 they are too small",
                    chinese: "误差设定合理时接近1；远大于1说明误差设定偏小"
                )
        )
    }

    private func modelError(_ partsPerMillion: Double) -> Diagnostic {
        let unit = displayUnit
        return Diagnostic(
            name: LocalizedName(
                english: "Model error, \(unit.rawValue)",
                chinese: "模式误差，\(unit.rawValue)"
            ),
            value: unit.fromPartsPerMillion(partsPerMillion),
            meaning: LocalizedName(
                english: "standard deviation of transport and representation, added to the measurement's",
                chinese: "传输与代表性误差的标准差，与测量误差合成"
            )
        )
    }

    private func disagreement(_ difference: Double) -> Diagnostic {
        Diagnostic(
            name: LocalizedName(english: "State space against observation space", chinese: "状态空间与观测空间之差"),
            value: difference,
            meaning: LocalizedName(
                english:
                    "largest difference of the two solutions in posterior standard deviations; round-off only",
                chinese: "两种解法的最大差异（以后验标准差计），应仅为舍入误差"
            )
        )
    }
}
