public import LinearAlgebra

/// Whether the particles of each observation had reached the boundary of the domain.
///
/// With all boundary factors at one, a complete footprint carries the whole background, so the sums of the
/// boundary sensitivities of a site differ by a few per cent. Where the run was cut short, particles are still
/// inside and the sum falls off; such a row says that the background is too low and, used silently, sends the
/// inversion after emissions that are not there.
public struct BoundaryClosure: Equatable, Sendable {
    /// Sum of the boundary sensitivities of each row over the largest of them; 0 where all are zero.
    public let closure: [Double]
    public let threshold: Double
    /// Rows whose closure reaches the threshold, ascending.
    public let completeRows: [Int]
    /// The others: they must not be used without saying so.
    public let incompleteRows: [Int]

    /// What was found usable for the ten-day footprints of a regional domain.
    public static let usualThreshold = 0.9

    /// - Parameters:
    ///   - boundary: rows x boundary elements, any unit; the scale drops out.
    ///   - threshold: closure from which a row is complete, 0...1.
    public init(boundary: Matrix, threshold: Double = usualThreshold) {
        precondition((0...1).contains(threshold), "threshold is a share")
        let sums = boundary.times([Double](repeating: 1, count: boundary.columns))
        let largest = sums.max() ?? 0
        let closure = sums.map { largest > 0 ? $0 / largest : 0 }
        self.closure = closure
        self.threshold = threshold
        completeRows = closure.indices.filter { closure[$0] >= threshold }
        incompleteRows = closure.indices.filter { !(closure[$0] >= threshold) }
    }
}
