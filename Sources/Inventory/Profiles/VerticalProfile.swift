/// Shares of an emission by height above ground; they sum to 1.
public struct VerticalProfile: Hashable, Sendable {
    public let id: String
    /// Upper edges of the layers, metres above ground, rising from the ground; the last may be infinite.
    public let topsMetres: [Double]
    public let shares: [Double]
    /// What the weights summed to as they were given.
    public let givenSum: Double

    /// - Throws: ``ProfileError`` for weights that are no shares or tops that do not rise.
    public init(id: String, topsMetres: [Double], weights: [Double]) throws(ProfileError) {
        guard topsMetres.count == weights.count else {
            throw ProfileError(.count(expected: topsMetres.count, found: weights.count), profile: id)
        }
        guard let first = topsMetres.first, first > 0,
            zip(topsMetres, topsMetres.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw ProfileError(.layers, profile: id) }
        if let place = weights.firstIndex(where: { !($0 >= 0) || !$0.isFinite }) {
            throw ProfileError(.weight(place: place + 1, value: weights[place]), profile: id)
        }
        let sum = weights.reduce(0, +)
        guard sum > 0 else { throw ProfileError(.empty, profile: id) }
        self.id = id
        self.topsMetres = topsMetres
        givenSum = sum
        shares = weights.map { $0 / sum }
    }

    /// The shares in other layers, each of ours spread evenly over its height. What is above the highest top, and an
    /// open layer, goes into the highest.
    ///
    /// - Precondition: the tops rise from above 0 and are finite but for the last.
    public func shares(inLayersWithTops tops: [Double]) -> [Double] {
        precondition(!tops.isEmpty && tops[0] > 0, "no layers")
        var result = [Double](repeating: 0, count: tops.count)
        var bottom = 0.0
        for (top, share) in zip(topsMetres, shares) {
            spread(share, from: bottom, to: top, over: tops, into: &result)
            bottom = top
        }
        return result
    }

    private func spread(
        _ share: Double,
        from bottom: Double,
        to top: Double,
        over tops: [Double],
        into result: inout [Double]
    ) {
        let highest = tops.count - 1
        guard top.isFinite else {
            result[tops.firstIndex { $0 > bottom } ?? highest] += share
            return
        }
        var low = 0.0
        var rest = share
        for (layer, high) in tops.enumerated() where layer < highest {
            let part = share * max(0, min(top, high) - max(bottom, low)) / (top - bottom)
            result[layer] += part
            rest -= part
            low = high
        }
        result[highest] += max(0, rest)
    }
}
