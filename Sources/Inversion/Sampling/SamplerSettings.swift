/// How many chains of what length, and how the Hamiltonian sampler moves.
public struct SamplerSettings: Equatable, Codable, Sendable {
    public var chains: Int
    /// Draws that are thrown away, in which step size and metric are found.
    public var warmUp: Int
    /// Draws kept of each chain.
    public var draws: Int
    public var seed: UInt64
    /// Mean acceptance that the step size is set to.
    public var targetAcceptance: Double
    /// A trajectory has at most two to this power steps.
    public var maximumDepth: Int
    public var metric: MetricKind
    /// Chains start within this distance of the start on the unbounded scale, in units of the scales.
    public var jitter: Double

    public init(
        chains: Int = 4,
        warmUp: Int = 1000,
        draws: Int = 1000,
        seed: UInt64 = 1,
        targetAcceptance: Double = 0.8,
        maximumDepth: Int = 10,
        metric: MetricKind = .diagonal,
        jitter: Double = 1
    ) {
        self.chains = chains
        self.warmUp = warmUp
        self.draws = draws
        self.seed = seed
        self.targetAcceptance = targetAcceptance
        self.maximumDepth = maximumDepth
        self.metric = metric
        self.jitter = jitter
    }

    /// - Throws: ``InversionError`` that names the setting that no sampler can work with.
    func validate() throws(InversionError) {
        for (name, value, least) in [
            ("chains", chains, 1), ("warm-up draws", warmUp, 0), ("draws", draws, 4),
            ("maximum depth", maximumDepth, 1),
        ] where value < least { throw .wrongLength(of: name, expected: least, actual: value) }
        guard targetAcceptance > 0, targetAcceptance < 1 else {
            throw .notPositive("target acceptance below 1", index: 0, value: targetAcceptance)
        }
        guard jitter >= 0, jitter.isFinite else { throw .notPositive("jitter", index: 0, value: jitter) }
    }
}
