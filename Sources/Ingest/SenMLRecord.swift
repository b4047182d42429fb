import Quantities

/// One record of a SenML pack (RFC 8428) as it stands there: its fields by their JSON names.
struct SenMLFields {
    enum Value: Equatable {
        case number(Double)
        case text(String)
        case bool(Bool)
        case data([UInt8])
        /// An array, an object, null.
        case other
    }

    private var members: [(name: String, value: Value)] = []

    subscript(_ name: String) -> Value? { members.first { $0.name == name }?.value }

    /// Fields that mean nothing to us are passed over.
    /// - Parameter record: its index, for the error.
    mutating func append(_ name: String, _ value: Value, _ record: Int) throws(ObservationProblem) {
        if Self.mustBeUnderstood(name) {
            throw ObservationProblem(.unsupportedVersion, "record \(record): the field `\(name.prefix(64))`")
        }
        guard Self.known.contains(name) else { return }
        guard self[name] == nil else {
            throw ObservationProblem(.malformed, "record \(record) has two fields `\(name)`")
        }
        members.append((name, value))
    }

    private static let known: Set = [
        "bver", "bn", "bt", "bu", "bv", "bs", "n", "u", "v", "vs", "vb", "s", "t", "ut", "vd",
    ]

    /// A field whose name ends so must be understood (RFC 8428, 4.4).
    private static func mustBeUnderstood(_ name: String) -> Bool { name.utf8.last == UInt8(ascii: "_") }
}

/// A record after resolution (RFC 8428, 4.6): it stands for itself.
struct SenMLRecord: Equatable {
    enum Value: Equatable {
        case number(Double)
        case text(String)
        case bool(Bool)
        case data([UInt8])
    }

    var name: String
    /// The name without the base name.
    var localName: String
    /// What the base name calls the device: without the separator at its end; nil where there is none.
    var device: String? {
        var base = name.dropLast(localName.count)
        if base.last.map({ "-:./_".contains($0) }) ?? false { base.removeLast() }
        return base.isEmpty ? nil : String(base)
    }
    var unit: String?
    var time: Instant
    var value: Value?
    var sum: Double?
    /// Seconds within which another is to be expected.
    var updateTime: Double?
}

/// The base fields, which hold for the records that follow.
private struct SenMLBase {
    var name = ""
    var time = 0.0
    var unit: String?
    var value: Double?
    var sum: Double?
    var version = 10

    mutating func update(_ fields: SenMLFields) throws(ObservationProblem) {
        if let name = try fields.text("bn") { self.name = name }
        if let time = try fields.number("bt") { self.time = time }
        if let unit = try fields.text("bu") { self.unit = unit }
        if let value = try fields.number("bv") { self.value = value }
        if let sum = try fields.number("bs") { self.sum = sum }
        guard let version = try fields.number("bver") else { return }
        guard let whole = Int(exactly: version), whole > 0 else {
            throw ObservationProblem(.malformed, "bver is no whole number")
        }
        self.version = whole
    }
}

/// Resolves the records of a pack; those without any value are only there for their base fields.
/// - Parameter received: what times below 2^28 s are relative to.
/// - Throws: when the pack as a whole must be refused.
func resolveSenML(_ pack: [SenMLFields], received: Instant) throws(ObservationProblem) -> [SenMLRecord] {
    var base = SenMLBase()
    var records: [SenMLRecord] = []
    for (index, fields) in pack.enumerated() {
        do throws(ObservationProblem) {
            try base.update(fields)
            // Version 10 is the one of RFC 8428.
            guard base.version <= 10 else {
                throw ObservationProblem(.unsupportedVersion, "bver \(base.version)")
            }
            if let record = try SenMLRecord(fields, base, received) { records.append(record) }
        } catch {
            throw ObservationProblem(error.reason, "record \(index): \(error.detail)")
        }
    }
    return records
}

extension SenMLRecord {
    fileprivate init?(
        _ fields: SenMLFields,
        _ base: SenMLBase,
        _ received: Instant
    ) throws(ObservationProblem) {
        localName = try fields.text("n") ?? ""
        unit = try fields.text("u") ?? base.unit
        updateTime = try fields.number("ut")
        value = try Self.value(fields, base)
        let stated = try fields.number("s")
        sum = stated == nil && base.sum == nil ? nil : (stated ?? 0) + (base.sum ?? 0)
        let seconds = base.time + (try fields.number("t") ?? 0)
        guard let time = Self.instant(seconds, received) else {
            throw ObservationProblem(.unreadableTime, "\(seconds) s")
        }
        self.time = time
        name = base.name + localName
        // Nothing is measured: a record of base fields.
        guard value != nil || sum != nil else { return nil }
        guard Self.isName(name) else { throw ObservationProblem(.malformed, "the name `\(name.prefix(64))`") }
    }

    private static func value(
        _ fields: SenMLFields,
        _ base: SenMLBase
    ) throws(ObservationProblem) -> Value? {
        var found: [Value] = []
        if let number = try fields.number("v") { found.append(.number((base.value ?? 0) + number)) }
        if let text = try fields.text("vs") { found.append(.text(text)) }
        switch fields["vb"] {
        case nil: break
        case .bool(let flag): found.append(.bool(flag))
        default: throw ObservationProblem(.malformed, "vb is no boolean")
        }
        switch fields["vd"] {
        case nil: break
        case .data(let bytes): found.append(.data(bytes))
        case .text(let text):
            guard let bytes = bytes(base64URL: text) else {
                throw ObservationProblem(.malformed, "vd is not base64url")
            }
            found.append(.data(bytes))
        default: throw ObservationProblem(.malformed, "vd is no text")
        }
        guard found.count < 2 else { throw ObservationProblem(.malformed, "more than one value") }
        return found.first
    }

    /// Times below 2^28 s are relative to the moment of receipt (RFC 8428, 4.5.3).
    private static func instant(_ seconds: Double, _ received: Instant) -> Instant? {
        if seconds >= 268_435_456 { return Instant(secondsSince1970: seconds) }
        return Instant(secondsSince1970: received.secondsSince1970 + seconds)
    }

    /// Letters, digits and `-:./_`, beginning with a letter or digit (RFC 8428, 4.5.1).
    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, isAlphanumeric(first) else { return false }
        return name.utf8.allSatisfy { isAlphanumeric($0) || "-:./_".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}

extension SenMLFields {
    fileprivate func number(_ name: String) throws(ObservationProblem) -> Double? {
        switch self[name] {
        case nil: return nil
        case .number(let number):
            guard number.isFinite else { throw ObservationProblem(.notFinite, name) }
            return number
        default: throw ObservationProblem(.malformed, "\(name) is no number")
        }
    }

    fileprivate func text(_ name: String) throws(ObservationProblem) -> String? {
        switch self[name] {
        case nil: return nil
        case .text(let text): return text
        default: throw ObservationProblem(.malformed, "\(name) is no text")
        }
    }
}

/// Decodes base64url without padding (RFC 4648, 5); nil for anything else.
private func bytes(base64URL text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for character in text.utf8 {
        let value: UInt8
        switch character {
        case 65...90: value = character - 65
        case 97...122: value = character - 71
        case 48...57: value = character + 4
        case UInt8(ascii: "-"): value = 62
        case UInt8(ascii: "_"): value = 63
        default: return nil
        }
        bits = bits << 6 | UInt32(value)
        count += 6
        guard count >= 8 else { continue }
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        bits &= (1 << UInt32(count)) - 1
    }
    // Six bits left over are half a byte that is not there.
    return count < 6 ? bytes : nil
}
