/// What the error of the weather makes of a modelled value at a receptor, in the unit of the value.
///
/// Runs with a finite number of particles differ even in the same weather. As Lin and Gerbig (2005, Geophys. Res.
/// Lett. 32, L01802) have it, the variance of runs in unperturbed weather with other random numbers (controls) is
/// taken off that of the members.
public struct TransportSpread: Equatable, Sendable {
    public let members: Int
    /// Of the members.
    public let mean: Double
    /// Sample standard deviation of the members, transport and particles together.
    public let memberDeviation: Double
    /// Sample standard deviation of the controls: the particles alone; nil below two controls.
    public let particleDeviation: Double?
    /// Transport alone: the root of the difference of both variances, 0 where the controls vary more. Without controls
    /// that of the members.
    public let transportDeviation: Double
    /// Of the transport's standard deviation, from the finite numbers of members and controls, to first order; nil
    /// where it is 0.
    public let standardError: Double?

    /// - Parameters:
    ///   - members: values of one receptor, one a member.
    ///   - controls: values of the same receptor in unperturbed weather, one a seed.
    /// Nil below two members.
    public init?(members: [Double], controls: [Double] = []) {
        guard members.count > 1 else { return nil }
        let (mean, variance) = Self.moments(members)
        let noise = controls.count > 1 ? Self.moments(controls).variance : nil
        let difference = max(0, variance - (noise ?? 0))
        self.members = members.count
        self.mean = mean
        memberDeviation = variance.squareRoot()
        particleDeviation = noise?.squareRoot()
        transportDeviation = difference.squareRoot()
        // The variance of a sample variance of normal numbers is 2 s^4 / (n - 1).
        let uncertainty =
            2 * variance * variance / Double(members.count - 1)
            + (noise.map { 2 * $0 * $0 / Double(controls.count - 1) } ?? 0)
        standardError = difference > 0 ? uncertainty.squareRoot() / (2 * difference.squareRoot()) : nil
    }

    private static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, squares / Double(values.count - 1))
    }
}
