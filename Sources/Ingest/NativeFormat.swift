import Foundation

/// Our own payload: a JSON object, or an array of such objects. See ``PayloadDecoder``.
struct NativeFormat: PayloadFormat {
    let version = "native-4"
    private let json = JSONDecoder()

    func decode(_ payload: RawSpan) throws(ObservationProblem) -> DecodedPayload {
        let data = payload.withUnsafeBytes { Data($0) }
        guard isUTF8(data) else { throw ObservationProblem(.notUTF8) }
        // JSON never has a NUL; Foundation would take it for a sign of UTF-16.
        guard !data.contains(0) else { throw ObservationProblem(.notJSON, "a NUL byte") }
        guard let message = try? json.decode(ObservationMessage.self, from: data) else {
            let problem = SyntaxProblem(data)
            throw ObservationProblem(problem.reason, problem.detail)
        }
        guard !message.observations.isEmpty else { throw ObservationProblem(.emptyBatch) }
        return DecodedPayload(isBatch: message.isBatch, items: message.observations.map(item))
    }

    private func item(_ fields: ObservationFields?) -> DecodedPayload.Item {
        guard let fields else {
            return DecodedPayload.Item(content: .failure(ObservationProblem(.notAnObject)))
        }
        let content = Result { () throws(ObservationProblem) in try fields.observation() }
        return DecodedPayload.Item(sequence: fields.sequence, content: content)
    }
}

private func isUTF8(_ bytes: Data) -> Bool {
    bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
}
