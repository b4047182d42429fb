import Observations

/// What the columns of accepted soundings respond to, from the top of the atmosphere down, and the prior columns that
/// follow. Profiles of a variable are read one after the other and kept for accepted soundings only.
struct ProfileBlock {
    /// Those of the accepted whose operators are complete and consistent.
    private(set) var accepted: [Int]
    private(set) var rejections: [RejectionReason] = []
    private var priorColumns: [Double] = []
    private var kernels: [Double] = []
    private var weights: [Double] = []
    private var priors: [Double] = []
    private var pressures: [Double] = []
    private let isWanted: Bool

    /// Rounding of single precision over 20 levels; the real files keep within 2e-8.
    static let weightTolerance = 1e-5
    /// ppm; the real files keep within 4e-3, the rounding of a single-precision profile near 400 ppm.
    static let priorColumnTolerance = 0.02

    init(
        _ file: SoundingFile,
        _ rows: Range<Int>,
        _ accepted: [Int],
        _ fields: SoundingFields,
        priorColumns: [Double]?
    ) throws {
        self.accepted = accepted
        isWanted = fields.contains(.profiles) && file.product.levels > 0
        let given = priorColumns.map { all in all.count == accepted.count ? all : accepted.map { all[$0] } }
        let isNeeded = isWanted || (given == nil && file.product.levels > 0)
        guard isNeeded else {
            self.priorColumns = given ?? [Double](repeating: .nan, count: accepted.count)
            return
        }
        let profiles = ProfileReader(file: file, rows: rows, accepted: accepted)
        (weights, priors, self.priorColumns) = try profiles.operators(given)
        guard isWanted else { return }
        pressures = try profiles.pressures()
        kernels = try profiles.kernels(weights)
        try profiles.order(&pressures, &weights, &priors, &kernels)
        drop(file.product, isChecked: given != nil)
    }

    /// Leaves out soundings whose operators have gaps or contradict themselves.
    private mutating func drop(_ product: SoundingProduct, isChecked: Bool) {
        let levels = product.levels
        let boundaries = levels + (product.profileSupport == .layers ? 1 : 0)
        var reasons = [RejectionReason?](repeating: nil, count: accepted.count)
        for index in accepted.indices {
            let profile = (index * levels)..<((index + 1) * levels)
            let pressure = (index * boundaries)..<((index + 1) * boundaries)
            if !isFinite(profile, pressure) {
                reasons[index] = .missingValue
            } else if !isConsistent(profile, isChecked ? priorColumns[index] : nil) {
                reasons[index] = .inconsistentOperator
            }
        }
        rejections = reasons.compactMap(\.self)
        guard !rejections.isEmpty else { return }
        let kept = reasons.indices.filter { reasons[$0] == nil }
        accepted = kept.map { accepted[$0] }
        priorColumns = kept.map { priorColumns[$0] }
        for profile in [\Self.weights, \Self.priors, \Self.kernels] as [WritableKeyPath<Self, [Double]>] {
            self[keyPath: profile] = kept.flatMap {
                self[keyPath: profile][($0 * levels)..<(($0 + 1) * levels)]
            }
        }
        pressures = kept.flatMap { pressures[($0 * boundaries)..<(($0 + 1) * boundaries)] }
    }

    private func isFinite(_ profile: Range<Int>, _ pressure: Range<Int>) -> Bool {
        areFinite(weights, profile) && areFinite(kernels, profile) && areFinite(priors, profile)
            && areFinite(pressures, pressure)
    }

    /// A number times zero is zero, unless it is infinite or none.
    private func areFinite(_ values: [Double], _ range: Range<Int>) -> Bool {
        let span = values.span.extracting(range)
        var sum = 0.0
        for index in span.indices { sum += span[index] * 0 }
        return sum == 0
    }

    /// Σ h = 1 and Σ h xa = the prior column, as the products define them.
    private func isConsistent(_ profile: Range<Int>, _ priorColumn: Double?) -> Bool {
        let (shares, fractions) = (weights.span.extracting(profile), priors.span.extracting(profile))
        var weight = 0.0
        var prior = 0.0
        for level in shares.indices {
            weight += shares[level]
            prior += shares[level] * fractions[level]
        }
        guard abs(weight - 1) <= Self.weightTolerance else { return false }
        guard let priorColumn else { return true }
        return abs(prior - priorColumn) <= Self.priorColumnTolerance
    }

    func fill(_ batch: inout SoundingBatch) {
        batch.priorColumns = priorColumns
        guard isWanted else { return }
        batch.averagingKernels = kernels
        batch.pressureWeights = weights
        batch.priorProfiles = priors
        batch.pressures = pressures
    }
}
