import Formats
import Geo
import Inversion
import Quantities

/// Prepares cases whose observations and Jacobian come from linear problem files.
enum ProblemPreparation {
    static func prepare(_ plan: ProblemPlan, of definition: Case) async throws -> PreparedProblem {
        let input = try await LinearProblemFile.read(plan.file)
        let problem = input.problem
        let prior = problem.priorMean
        let sigma = problem.priorError.sigma
        let quantities = try plan.quantities.map { quantity in
            let weights = try weights(quantity, plan.file, problem.stateNames)
            let mean = zip(weights, prior).reduce(0) { $0 + $1.0 * $1.1 }
            let variance = zip(weights, sigma).reduce(0) { $0 + ($1.0 * $1.1) * ($1.0 * $1.1) }
            return PreparedQuantity(
                name: quantity.name,
                weights: weights,
                inventory: Estimate(mean: mean, standardDeviation: variance.squareRoot()),
                inventoryIsPrior: true,
                truth: quantity.truth,
                position: quantity.position
            )
        }
        var prepared = PreparedProblem(
            title: plan.title,
            unit: plan.unit,
            input: input,
            observations: rows(input, plan),
            scale: .unstated,
            stateLabels: problem.stateNames.map { name in
                StateLabel(name: plan.stateNames[name] ?? LocalizedName(english: name), unit: "1")
            },
            quantities: quantities,
            modelErrorPartsPerMillion: nil
        )
        prepared.role = plan.role
        return prepared
    }

    private static func weights(
        _ quantity: QuantityPlan,
        _ file: String,
        _ states: [String]
    ) throws(PipelineError) -> [Double] {
        for name in quantity.weights.keys.sorted() where !states.contains(name) {
            throw .unknownName(
                kind: "state element",
                name: name,
                file: file,
                nearest: nearest(to: name, among: states)
            )
        }
        return states.map { quantity.weights[$0] ?? 0 }
    }

    private static func rows(_ input: LinearProblemInput, _ plan: ProblemPlan) -> [ObservationRow] {
        let sigma = input.problem.observationError.sigma
        return input.problem.observations.indices.map { index in
            var row = ObservationRow(
                source: plan.observationName,
                value: input.problem.observations[index],
                sigma: sigma[index]
            )
            row.time = input.times?[index]
            if let longitudes = input.longitudes, let latitudes = input.latitudes {
                row.position = Position(longitude: longitudes[index], latitude: latitudes[index])
            }
            return row
        }
    }
}
