public import LinearAlgebra

/// Observations that could be made: a station, a route of a vehicle, an overpass.
public struct ObservationCandidate: Sendable {
    public let name: String
    /// Their rows of H, observations x states.
    public let jacobian: Matrix
    /// Their errors, independent of those of all other candidates. What they share, such as an unknown bias of the
    /// instrument, is a covariance here or an element of the state.
    public let error: ErrorModel

    /// - Throws: ``InversionError`` when shapes differ, values are not finite, or errors are not positive.
    public init(_ name: String, jacobian: Matrix, error: ErrorModel) throws(InversionError) {
        guard jacobian.rows > 0 else { throw .empty("observations of \(name)") }
        try checkFinite("jacobian of \(name)", jacobian.storage)
        try error.validate("observation of \(name)", count: jacobian.rows)
        self.name = name
        self.jacobian = jacobian
        self.error = error
    }

    /// Groups of the observations of a problem as candidates.
    ///
    /// - Throws: ``InversionError/correlatedObservations`` for a full R, whose groups need not be independent.
    public static func groups(
        _ groups: LabelGroups,
        of problem: LinearProblem
    ) throws(InversionError) -> [ObservationCandidate] {
        guard case .independent = problem.observationError else { throw .correlatedObservations }
        try checkLength("groups", groups.groupOfElement.count, problem.observationCount)
        var candidates: [ObservationCandidate] = []
        for (name, members) in zip(groups.names, groups.members) {
            candidates.append(
                try ObservationCandidate(
                    name,
                    jacobian: problem.jacobian.rows(at: members),
                    error: problem.observationError.subset(members)
                )
            )
        }
        return candidates
    }

    /// Rows F with Fᵀ F = Hᵀ R⁻¹ H, as few as there are states: all that an overpass of thousands of soundings says
    /// on a small state.
    func compressed() throws(InversionError) -> Matrix {
        let whitened = try ErrorFactor(error, name: "observation_covariance of \(name)").whiten(jacobian)
        guard whitened.rows > whitened.columns else { return whitened }
        do throws(LinearAlgebraError) { return try whitened.transposed().triangularRoot().transposed() } catch
        {
            throw .algebra("jacobian of \(name)", error)
        }
    }
}
