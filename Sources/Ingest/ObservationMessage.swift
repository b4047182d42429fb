import Foundation

/// The observations of one payload: a JSON object, or an array of objects.
///
/// Only broken syntax fails to decode. What the members mean is judged observation by observation, so that
/// one bad object of a batch is refused alone.
struct ObservationMessage: Decodable {
    let isBatch: Bool
    /// In their order; nil stands for what is no object.
    let observations: [ObservationFields?]

    init(from decoder: any Decoder) throws {
        if let members = try members(of: decoder) {
            isBatch = false
            observations = [ObservationFields(members)]
            return
        }
        guard var elements = try? decoder.unkeyedContainer() else {
            isBatch = false
            observations = [nil]
            return
        }
        var found: [ObservationFields?] = []
        while !elements.isAtEnd {
            // Moves on whatever the element is, which a nested container does not when it fails.
            found.append(try members(of: elements.superDecoder()).map { ObservationFields($0) })
        }
        isBatch = true
        observations = found
    }
}

/// The members of an object; nil for a value of another kind.
private func members(of decoder: any Decoder) throws -> KeyedDecodingContainer<MemberName>? {
    do {
        return try decoder.container(keyedBy: MemberName.self)
    } catch DecodingError.typeMismatch, DecodingError.valueNotFound {
        return nil
    }
}

/// The name of any member of an object.
struct MemberName: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init(stringLiteral text: String) { stringValue = text }
    init?(intValue: Int) { nil }
}

/// A member that ought to be a number.
enum NumberField: Equatable {
    case number(Double)
    /// `null`.
    case missing
    /// A string, a boolean, an object or an array.
    case otherKind
    /// Beyond the doubles, or not a number of the JSON grammar.
    case unreadable
}

extension KeyedDecodingContainer<MemberName> {
    /// Nil for an absent member.
    func numberField(_ name: MemberName) -> NumberField? {
        guard contains(name) else { return nil }
        do {
            guard let value = try decodeIfPresent(Double.self, forKey: name) else { return .missing }
            return value.isFinite ? .number(value) : .unreadable
        } catch DecodingError.typeMismatch {
            return .otherKind
        } catch {
            return .unreadable
        }
    }

    /// True for a member that is there, not `null`, and no object.
    func isOtherThanObject(_ name: MemberName) -> Bool {
        guard contains(name), (try? decodeNil(forKey: name)) != true else { return false }
        return object(name) == nil
    }

    /// Nil for an absent member and for one that is no object.
    func object(_ name: MemberName) -> KeyedDecodingContainer<MemberName>? {
        contains(name) ? try? nestedContainer(keyedBy: MemberName.self, forKey: name) : nil
    }
}
