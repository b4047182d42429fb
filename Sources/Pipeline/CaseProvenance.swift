import Concurrent
import Formats
import LinearAlgebra
import Quantities
import Report

/// What the figures of a run can be followed back to.
struct CaseProvenance {
    let run: CaseRun
    let inputs: [CaseInput]

    func provenance() throws -> Provenance {
        let definition = run.definition
        let plan = definition.solvers
        let randomNumbers =
            plan.isRandom
            ? LocalizedName(
                english: "seed \(plan.seed), 4 chains of \(plan.draws) draws",
                chinese: "种子\(plan.seed)，4条链，每条\(plan.draws)次抽样"
            ) : LocalizedName(english: "none drawn", chinese: "未使用")
        let caseInput = CaseInput(role: .definition, path: definition.file, credit: "")
        return Provenance(
            software: "crosswind \(Version.current)",
            command: run.command,
            configuration: definition.text,
            inputs: try (inputs + [caseInput]).map { try $0.provenance() },
            environment: [
                (
                    LocalizedName(english: "random numbers", chinese: "随机数"),
                    randomNumbers
                ),
                (
                    LocalizedName(english: "threads", chinese: "线程数"),
                    LocalizedName(english: String(availableThreads))
                ),
                (
                    LocalizedName(english: "BLAS", chinese: "BLAS"),
                    LocalizedName(
                        english: "OpenBLAS, \(BLASConfiguration.core), threads: \(BLASConfiguration.threads)",
                        chinese: "OpenBLAS，\(BLASConfiguration.core)，线程数\(BLASConfiguration.threads)"
                    )
                ),
            ]
        )
    }
}
