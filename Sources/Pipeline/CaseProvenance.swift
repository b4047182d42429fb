import Concurrent
import Formats
import Foundation
import LinearAlgebra
import Quantities
import Report

/// What the figures of a run can be followed back to.
struct CaseProvenance {
    let run: CaseRun
    let inputs: [CaseInput]

    func provenance() throws -> Provenance {
        let definition = run.definition
        let caseInput = CaseInput(role: "case", path: definition.file, credit: "")
        return Provenance(
            software: "crosswind \(Version.current)",
            command: run.command,
            configuration: definition.text,
            inputs: try (inputs + [caseInput]).map { input in
                Provenance.Input(
                    role: input.role,
                    name: URL(filePath: input.path).lastPathComponent,
                    sha256: try input.digest ?? SHA256.hexDigest(ofFile: input.path),
                    credit: input.credit
                )
            },
            environment: [
                ("random numbers", "none drawn"),
                ("threads", String(availableThreads)),
                ("BLAS", "OpenBLAS, \(BLASConfiguration.core), \(BLASConfiguration.threads) thread"),
            ]
        )
    }
}
