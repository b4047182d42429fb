import CBOR
import Formats
import Foundation

/// The one place that knows how SenML in JSON is parsed.
func senMLFields(json payload: RawSpan) throws(ObservationProblem) -> [SenMLFields] {
    let data = payload.withUnsafeBytes { Data($0) }
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: data) else {
        throw ObservationProblem(.notJSON)
    }
    guard case .array(let records) = value else {
        throw ObservationProblem(.malformed, "no array of records")
    }
    var pack: [SenMLFields] = []
    for (index, record) in records.enumerated() {
        guard case .object(let members) = record else {
            throw ObservationProblem(.malformed, "record \(index) is no object")
        }
        var fields = SenMLFields()
        for (name, value) in members { fields.append(name, .init(value)) }
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
            guard fields[name] == nil else {
                throw ObservationProblem(.malformed, "record \(index) has two fields `\(name.prefix(64))`")
            }
            fields.append(name, .init(pair.value))
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
    fileprivate init(_ value: JSONValue) {
        switch value {
        case .number(let number): self = .number(number)
        case .string(let text): self = .text(text)
        case .bool(let flag): self = .bool(flag)
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
