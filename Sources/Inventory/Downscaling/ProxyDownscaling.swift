public import Quantities

/// A quantity known for each child of a region that its emission is thought to go with: capacity, value added, people,
/// lights at night.
public struct Proxy: Hashable, Sendable {
    public let name: String
    /// By the name of the child; a child without a value is named in the error.
    public let values: [String: Double]
    /// Relative to those of the other proxies.
    public let weight: Double

    public init(name: String, values: [String: Double], weight: Double = 1) {
        self.name = name
        self.values = values
        self.weight = weight
    }
}

/// A total of a region divided among its children.
public struct ProxyDownscaling: Sendable {
    public struct Child: Equatable, Sendable {
        public let name: String
        /// Its share of the total by each proxy, in their order, and by all with their weights.
        public let shareByProxy: [Double]
        public let share: Double
        /// Mean and standard deviation: that of the parent, and how far the proxies disagree. The latter is nought with
        /// one proxy, which says nothing of how good it is.
        public let amount: Estimate
    }

    public let children: [Child]

    /// - Throws: ``DownscalingError`` for a proxy that lacks a child or sums to nothing.
    public init(total: Estimate, children names: [String], proxies: [Proxy]) throws(DownscalingError) {
        guard !proxies.isEmpty, !names.isEmpty else { throw .nothingToDivideBy }
        var shares: [[Double]] = []
        for proxy in proxies { shares.append(try Self.shares(proxy, names)) }
        let weights = proxies.map(\.weight)
        let sum = weights.reduce(0, +)
        guard sum > 0, sum.isFinite, weights.allSatisfy({ $0 >= 0 }) else { throw .nothingToDivideBy }
        children = names.indices.map { child in
            let each = shares.map { $0[child] }
            let mean = zip(each, weights).reduce(0) { $0 + $1.0 * $1.1 } / sum
            let spread = zip(each, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 } / sum
            let deviation =
                (mean * mean * total.standardDeviation * total.standardDeviation + spread * total.mean
                * total.mean).squareRoot()
            return Child(
                name: names[child],
                shareByProxy: each,
                share: mean,
                amount: Estimate(mean: mean * total.mean, standardDeviation: deviation)
            )
        }
    }

    private static func shares(_ proxy: Proxy, _ names: [String]) throws(DownscalingError) -> [Double] {
        var values: [Double] = []
        for name in names {
            guard let value = proxy.values[name], value.isFinite, value >= 0 else {
                throw .noProxy(proxy: proxy.name, child: name)
            }
            values.append(value)
        }
        let sum = values.reduce(0, +)
        guard sum > 0, sum.isFinite else { throw .emptyProxy(proxy.name) }
        return values.map { $0 / sum }
    }
}

/// A total that cannot be divided.
public enum DownscalingError: Fault, Equatable {
    case nothingToDivideBy
    case noProxy(proxy: String, child: String)
    case emptyProxy(String)

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        switch self {
        case .nothingToDivideBy: "no children, or no proxy with a weight"
        case .noProxy(_, let child): "no value from 0 up for \(child)"
        case .emptyProxy: "the proxy sums to nothing"
        }
    }

    public var place: String {
        switch self {
        case .nothingToDivideBy: "downscaling"
        case .noProxy(let proxy, _), .emptyProxy(let proxy): "proxy \(proxy)"
        }
    }

    public var remedy: String { "give the proxy for every child, 0 where it has none" }
}
