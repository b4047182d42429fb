import JSON
import Observations
import Quantities

/// A member that ought to be a number.
enum NumberField: Equatable {
    case number(Double)
    /// `null`.
    case missing
    /// A string, a boolean, an object or an array.
    case otherKind
    /// Beyond the doubles, or not a number of the JSON grammar.
    case unreadable

    init(_ element: JSONElement) {
        switch element.kind {
        case .number: self = element.number.map { .number($0) } ?? .unreadable
        case .unreadableNumber: self = .unreadable
        case .null: self = .missing
        case .string, .trueLiteral, .falseLiteral, .array, .object: self = .otherKind
        }
    }
}

/// What stands in one observation object, not yet judged.
struct ObservationFields {
    let members: ObservationMembers
    /// The members of the receiver's fix.
    let fix: ObservationMembers

    init(_ object: JSONElement) {
        members = ObservationMembers(object)
        fix = ObservationMembers(members[.fix])
    }

    /// The name of a member that ought to be an object and is something else; it may hide an uncertainty, a
    /// position or a bottle.
    var malformed: String? {
        nameUnlessObject(.uncertainties) ?? nameUnlessObject(.fix) ?? nameUnlessObject(.state)
            ?? nameUnlessObject(.calibration)
    }

    /// Of a member that is there, and neither an object nor `null`.
    private func nameUnlessObject(_ member: Member) -> String? {
        guard let kind = members[member]?.kind, kind != .object, kind != .null else { return nil }
        return member.text
    }

    var conditions: Conditions {
        var conditions = Conditions()
        conditions.reserveCapacity(conditionCount)
        for member in Member.weather { conditions.append(member.text, members[member]) }
        for member in Member.receiver { conditions.append(member.text, fix[member]) }
        guard let state = members[.state], state.kind == .object else { return conditions }
        let quantities = state.children.map { (name: $0.name, element: $0) }.sorted { $0.name < $1.name }
        for quantity in quantities { conditions.append(quantity.name, quantity.element) }
        return conditions
    }

    /// How many conditions there may be.
    private var conditionCount: Int {
        var count = 0
        for member in Member.weather where members[member] != nil { count += 1 }
        for member in Member.receiver where fix[member] != nil { count += 1 }
        guard let state = members[.state] else { return count }
        for _ in state.children { count += 1 }
        return count
    }

    var sequence: SequenceNumber? {
        guard let element = members[.sequence], let value = element.number,
            let number = element.wholeNumber ?? Int64(exactly: value)
        else { return nil }
        return SequenceNumber(boot: members[.boot]?.text ?? "", number: number)
    }
}

extension Conditions {
    /// Adds what is a number; `null` and other kinds say nothing.
    fileprivate mutating func append(_ name: String, _ element: JSONElement?) {
        if let value = element?.number { append(name, value) }
    }
}
