/// A place in a document (RFC 6901), e.g. `/readings/0/co2`; empty for the whole document.
public struct JSONPointer: Hashable, Sendable {
    private struct Step: Hashable {
        let name: JSONName
        /// Of a step that can go into an array.
        let index: Int?
    }

    private let steps: [Step]
    public let text: String

    /// Nil for a text that is not empty and does not begin with a slash, and for a tilde that is no escape.
    public init?(_ text: String) {
        self.text = text
        guard !text.isEmpty else {
            steps = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var steps: [Step] = []
        for token in text.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        ) {
            guard let name = unescape(token) else { return nil }
            steps.append(Step(name: JSONName(name), index: arrayIndex(name)))
        }
        self.steps = steps
    }

    /// What stands at the place, seen from an element; nil when nothing does.
    public func find(in element: JSONElement) -> JSONElement? {
        var found = element
        for step in steps {
            guard let next = child(step, of: found) else { return nil }
            found = next
        }
        return found
    }

    private func child(_ step: Step, of element: JSONElement) -> JSONElement? {
        switch element.kind {
        case .object: return element[step.name]
        case .array:
            guard let index = step.index else { return nil }
            var children = element.children
            for _ in 0..<index where children.next() == nil { return nil }
            return children.next()
        default: return nil
        }
    }
}

/// Of a token of RFC 6901 (4): `~1` is a slash, `~0` a tilde.
private func unescape(_ token: some Sequence<UInt8>) -> String? {
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in token {
        switch (isEscaped, byte) {
        case (true, UInt8(ascii: "0")): bytes.append(UInt8(ascii: "~"))
        case (true, UInt8(ascii: "1")): bytes.append(UInt8(ascii: "/"))
        case (true, _): return nil
        case (false, UInt8(ascii: "~")):
            isEscaped = true
            continue
        case (false, _): bytes.append(byte)
        }
        isEscaped = false
    }
    return isEscaped ? nil : String(decoding: bytes, as: UTF8.self)
}

/// Digits without leading zeros.
private func arrayIndex(_ name: String) -> Int? {
    guard name.utf8.allSatisfy({ (48...57).contains($0) }), name == "0" || name.utf8.first != 48 else {
        return nil
    }
    return Int(name)
}
