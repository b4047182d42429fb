import Formats
import Inversion
import Quantities
import Report

extension ReportAssembly {
    /// One table for each inversion that several solvers solved.
    var solverTables: [SolverTable] {
        results.filter { !$0.solvers.isEmpty }.map { result in
            let exact = result.totals.posterior
            let rows = result.prepared.quantities.indices.flatMap { index -> [SolverTable.Row] in
                let name = result.prepared.quantities[index].name
                let reference = SolverTable.Row(
                    quantity: name,
                    solver: Solver.exact.localizedName,
                    estimate: exact[index],
                    difference: nil,
                    monteCarloError: nil,
                    isSameModel: true
                )
                let others = result.solvers.compactMap { solver -> SolverTable.Row? in
                    guard let totals = solver.state.totals else { return nil }
                    let estimate = totals.values.posterior[index]
                    return SolverTable.Row(
                        quantity: name,
                        solver: solver.solver.localizedName,
                        estimate: estimate,
                        difference: (estimate.mean - exact[index].mean) / exact[index].standardDeviation,
                        monteCarloError: totals.meanError.map {
                            $0[index] / exact[index].standardDeviation
                        },
                        isSameModel: solver.isSameModel
                    )
                }
                return [reference] + others
            }
            return SolverTable(title: result.prepared.title, unit: result.prepared.unit, rows: rows)
        }
    }

    /// What the solvers themselves warn of.
    var solverCaveats: [LocalizedName] {
        results.flatMap { result in
            result.solvers.flatMap { solver in
                let warnings = (solver.state.draws?.warnings ?? []).map { warning in
                    LocalizedName(
                        english: "\(solver.solver.localizedName.english): \(warning.text)",
                        chinese: "\(solver.solver.localizedName.chinese)：\(warning.text)"
                    )
                }
                return boundsCaveat(solver, result) + warnings
            }
        }
    }

    /// A solution that is called bounded and has no bounds is the exact one, with what is below zero in it.
    private func boundsCaveat(_ solver: SolverResult, _ result: ProblemResult) -> [LocalizedName] {
        let run = SolverRun(result.prepared.input, isNonNegative: definition.solvers.isNonNegative)
        guard solver.solver == .bounded, (try? run.bounds) == nil else { return [] }
        let (name, title) = (solver.solver.localizedName, result.prepared.title)
        return [
            LocalizedName(
                english: "\(title.english), \(name.english): neither problem nor case gives bounds, so "
                    + "that emissions may be below zero (non_negative in the case would keep them above).",
                chinese: "\(title.chinese)，\(name.chinese)：问题文件与算例均未给出边界，"
                    + "排放量可能为负（算例中设置 non_negative 可限制为非负）。"
            )
        ]
    }
}

extension Solver {
    /// For people.
    var localizedName: LocalizedName {
        switch self {
        case .exact: LocalizedName(english: "exact", chinese: "精确解")
        case .conjugateGradient: LocalizedName(english: "conjugate gradients", chinese: "共轭梯度法")
        case .ensemble: LocalizedName(english: "ensemble square root", chinese: "集合平方根滤波")
        case .gibbs: LocalizedName(english: "Gibbs sampling", chinese: "吉布斯抽样")
        case .hamiltonian: LocalizedName(english: "No-U-Turn sampling", chinese: "哈密顿蒙特卡洛（NUTS）")
        case .bounded: LocalizedName(english: "inside bounds", chinese: "有界求解")
        case .lognormal: LocalizedName(english: "lognormal emissions", chinese: "对数正态排放")
        case .robust: LocalizedName(english: "robust (Huber)", chinese: "稳健估计（Huber）")
        case .hierarchical: LocalizedName(english: "hierarchical errors", chinese: "分层误差模型")
        }
    }
}
