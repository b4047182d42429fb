/// One measured quantity of the running system, as Prometheus reads it.
public struct Metric: Sendable {
    public enum Kind: String, Sendable {
        /// Only grows while the process runs.
        case counter
        case gauge
        /// Counts by upper bound; its samples come from ``Metric/histogram(name:help:bounds:counts:sum:)``.
        case histogram
    }

    /// One value with what tells it from its siblings.
    public struct Sample: Sendable {
        public let labels: [String: String]
        public let value: Double
        /// Follows the name of the metric: `_bucket`, `_sum` and `_count` of a histogram.
        let suffix: String

        public init(_ value: Double, labels: [String: String] = [:]) {
            self.init(value, labels: labels, suffix: "")
        }

        init(_ value: Double, labels: [String: String] = [:], suffix: String) {
            self.labels = labels
            self.value = value
            self.suffix = suffix
        }
    }

    public let name: String
    public let help: String
    public let kind: Kind
    public let samples: [Sample]

    /// - Precondition: name and label names are of ASCII letters, digits and underscores and do not start
    ///   with a digit.
    public init(name: String, help: String, kind: Kind, samples: [Sample]) {
        precondition(Self.isName(name), "not the name of a metric")
        precondition(samples.allSatisfy { $0.labels.keys.allSatisfy(Self.isName) }, "not the name of a label")
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }

    /// Counts by upper bound, which the text format wants cumulated and closed with `+Inf`.
    /// - Parameter counts: one more than bounds, each of its class alone.
    public static func histogram(
        name: String,
        help: String,
        bounds: [Double],
        counts: [Int],
        sum: Double
    ) -> Metric {
        precondition(counts.count == bounds.count + 1, "one class more than bounds")
        var total = 0
        var samples: [Sample] = []
        for (bound, count) in zip(bounds + [.infinity], counts) {
            total += count
            samples.append(Sample(Double(total), labels: ["le": text(of: bound)], suffix: "_bucket"))
        }
        samples += [Sample(sum, suffix: "_sum"), Sample(Double(total), suffix: "_count")]
        return Metric(name: name, help: help, kind: .histogram, samples: samples)
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
        }
    }

    /// Text exposition format 0.0.4.
    var exposition: String {
        let lines = samples.map {
            "\(name)\($0.suffix)\(Self.text(of: $0.labels)) \(Self.text(of: $0.value))\n"
        }
        let escaped = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return "# HELP \(name) \(escaped)\n# TYPE \(name) \(kind.rawValue)\n" + lines.joined()
    }

    private static func text(of labels: [String: String]) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.sorted { $0.key < $1.key }.map { name, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n")
            return "\(name)=\"\(escaped)\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    private static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}
