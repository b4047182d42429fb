import JSON
import Quantities

/// Our own payload: a JSON object, or an array of such objects. See ``PayloadDecoder``.
struct NativeFormat: PayloadFormat {
    let version = "native-5"
    private let json = JSONParser()

    func decode(_ payload: RawSpan) throws(ObservationProblem) -> DecodedPayload {
        try read(payload, with: json) { root in
            let isBatch = root.kind == .array
            var items: [DecodedPayload.Item] = []
            if isBatch {
                for element in root.children { items.append(item(element)) }
            } else {
                items.append(item(root))
            }
            return DecodedPayload(isBatch: isBatch, items: items)
        }
    }

    private func item(_ element: JSONElement) -> DecodedPayload.Item {
        guard element.kind == .object else {
            return DecodedPayload.Item(content: .failure(ObservationProblem(.notAnObject)))
        }
        let fields = ObservationFields(element)
        let content = Result { () throws(ObservationProblem) in try fields.observation() }
        return DecodedPayload.Item(sequence: fields.sequence, content: content)
    }
}

/// Decodes a JSON document, with the reasons that all formats in JSON have in common.
/// - Throws: also when the document holds no observation.
func read(
    _ payload: RawSpan,
    with json: JSONParser,
    _ body: (JSONElement) throws(ObservationProblem) -> DecodedPayload
) throws(ObservationProblem) -> DecodedPayload {
    let result: Result<DecodedPayload, ObservationProblem>
    do {
        result = try json.read(payload) { root in
            Result { () throws(ObservationProblem) in try body(root) }
        }
    } catch {
        throw ObservationProblem(error)
    }
    let decoded = try result.get()
    guard !decoded.items.isEmpty else { throw ObservationProblem(.emptyBatch) }
    return decoded
}
