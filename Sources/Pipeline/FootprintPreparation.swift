import Geo
import Quantities
import Report

/// Prepares cases whose observations are readings of the store and whose Jacobian is footprints x prior flux.
struct FootprintPreparation {
    let definition: Case
    let plan: FootprintPlan
    let store: String?

    func prepare() async throws -> Preparation {
        throw PipelineError.noStore(caseFile: definition.file)
    }
}
