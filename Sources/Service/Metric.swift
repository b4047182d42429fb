/// One measured quantity of the running system, as Prometheus reads it.
public struct Metric: Sendable {
    public enum Kind: String, Sendable {
        /// Only grows while the process runs.
        case counter
        case gauge
    }

    /// One value with what tells it from its siblings.
    public struct Sample: Sendable {
        public let labels: [String: String]
        public let value: Double

        public init(_ value: Double, labels: [String: String] = [:]) {
            self.labels = labels
            self.value = value
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

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
        }
    }

    /// Text exposition format 0.0.4.
    var exposition: String {
        let lines = samples.map { "\(name)\(Self.text(of: $0.labels)) \(Self.text(of: $0.value))\n" }
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
