import CBOR
import JSON

/// The fields of a pack in JSON.
/// - Parameter json: bounds what a pack may take.
func senMLFields(json payload: RawSpan, with json: JSONParser) throws(ObservationProblem) -> [SenMLFields] {
    let pack: Result<[SenMLFields], ObservationProblem>
    do {
        pack = try json.read(payload) { root in
            Result { () throws(ObservationProblem) in try senMLFields(of: root) }
        }
    } catch {
        throw ObservationProblem(error)
    }
    return try pack.get()
}

private func senMLFields(of root: JSONElement) throws(ObservationProblem) -> [SenMLFields] {
    guard root.kind == .array else { throw ObservationProblem(.malformed, "no array of records") }
    var pack: [SenMLFields] = []
    for (index, record) in root.children.enumerated() {
        guard record.kind == .object else {
            throw ObservationProblem(.malformed, "record \(index) is no object")
        }
        var fields = SenMLFields()
        for member in record.children { try fields.append(member.name, .init(member), index) }
        pack.append(fields)
    }
    return pack
}

/// SenML in CBOR: the same with numbers for the names of fields (RFC 8428, 6).
func senMLFields(cbor payload: RawSpan) throws(ObservationProblem) -> [SenMLFields] {
    let value: CBORValue
    do { value = try CBORValue(payload) } catch { throw ObservationProblem(.malformed, error.description) }
    guard case .array(let records) = value else {
        throw ObservationProblem(.malformed, "no array of records")
    }
    var pack: [SenMLFields] = []
    for (index, record) in records.enumerated() {
        guard case .map(let pairs) = record else {
            throw ObservationProblem(.malformed, "record \(index) is no map")
        }
        var fields = SenMLFields()
        for pair in pairs {
            guard let name = senMLName(pair.key) else { continue }
            try fields.append(name, .init(pair.value), index)
        }
        pack.append(fields)
    }
    return pack
}

/// RFC 8428, table 4; nil for a number that none of our fields has.
private func senMLName(_ key: CBORValue) -> String? {
    let base = ["bver", "bn", "bt", "bu", "bv", "bs"]
    let names = ["n", "u", "v", "vs", "vb", "s", "t", "ut", "vd"]
    switch key {
    case .text(let name): return name
    case .unsigned(let label) where label < UInt64(names.count): return names[Int(label)]
    case .negative(let label) where label < UInt64(base.count): return base[Int(label)]
    default: return nil
    }
}

extension SenMLFields.Value {
    fileprivate init(_ element: JSONElement) {
        switch element.kind {
        case .number: self = element.number.map { .number($0) } ?? .other
        case .unreadableNumber: self = .number(.infinity)
        case .string: self = .text(element.text ?? "")
        case .trueLiteral: self = .bool(true)
        case .falseLiteral: self = .bool(false)
        case .null, .array, .object: self = .other
        }
    }

    fileprivate init(_ value: CBORValue) {
        switch value {
        case .text(let text): self = .text(text)
        case .bool(let flag): self = .bool(flag)
        case .bytes(let bytes): self = .data(bytes)
        default: self = value.number.map { .number($0) } ?? .other
        }
    }
}
