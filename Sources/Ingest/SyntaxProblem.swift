import Formats
import Foundation

/// Why a payload is not JSON. It reads the payload twice more, so it is only for what has been refused.
struct SyntaxProblem {
    let reason: RejectionReason
    /// The parser's words, with the place in the payload.
    let detail: String

    init(_ payload: Data) {
        detail = Self.words(payload)
        // Of what JSON lacks, JSON5 has `NaN` and `Infinity`, as devices like to send them.
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        let value = try? decoder.decode(JSONValue.self, from: payload)
        reason = value?.hasNonFiniteNumber == true ? .notFinite : .notJSON
    }

    /// `JSONDecoder` keeps the place to itself; `JSONSerialization` tells it.
    private static func words(_ payload: Data) -> String {
        do {
            _ = try JSONSerialization.jsonObject(with: payload, options: .fragmentsAllowed)
            return ""
        } catch {
            let words = (error as NSError).userInfo["NSDebugDescription"] as? String
            return String((words ?? "").prefix(200))
        }
    }
}

extension JSONValue {
    fileprivate var hasNonFiniteNumber: Bool {
        switch self {
        case .number(let value): !value.isFinite
        case .array(let values): values.contains { $0.hasNonFiniteNumber }
        case .object(let members): members.values.contains { $0.hasNonFiniteNumber }
        case .null, .bool, .string: false
        }
    }
}
