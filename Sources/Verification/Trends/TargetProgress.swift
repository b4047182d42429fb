/// How far an indicator has come from its base to its target.
///
/// Progress is (actual - base) / (target - base): 0 at the base, 1 at the target, above 1 beyond it, below 0 where the
/// indicator went the other way. An indicator that is itself a change since the base year (a decline of so many
/// percent) has a base of 0, a level (a total, an intensity, a share) that of the base year.
public struct TargetProgress: Hashable, Sendable {
    /// A target that is no way off.
    public enum Problem: Error, Equatable, Sendable {
        /// The target is the base: there is no way to go.
        case targetIsBase
        /// A printed progress that its own figures contradict.
        case disagrees(printed: Double, computed: Double)
    }

    /// Of the way, 1 at the target; NaN where nothing was reached or no base is known.
    public let share: Double

    /// - Parameters:
    ///   - base: NaN where not told; then progress is what is printed.
    ///   - printed: NaN where not told; with a base it must agree to half a percent of the way.
    /// - Throws: ``Problem``.
    public init(base: Double, target: Double, actual: Double, printed: Double = .nan) throws(Problem) {
        guard !base.isNaN else {
            share = printed
            return
        }
        guard target != base else { throw .targetIsBase }
        let computed = (actual - base) / (target - base)
        if printed.isFinite, !(abs(printed - computed) <= 0.005) {
            throw .disagrees(printed: printed, computed: computed)
        }
        share = computed
    }
}
