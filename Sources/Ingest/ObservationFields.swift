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

/// The members of one observation object that mean something to us, as they stand there. Nil is absent.
struct ObservationFields {
    let object: JSONElement
    let uncertainties: JSONElement?
    let fix: JSONElement?
    let state: JSONElement?
    let calibration: JSONElement?

    /// Members that are not ours are passed over.
    init(_ object: JSONElement) {
        self.object = object
        uncertainties = object[Member.uncertainties]
        fix = object[Member.fix]
        state = object[Member.state]
        calibration = object[Member.calibration]
    }

    /// The name of a member that ought to be an object and is something else; it may hide an uncertainty, a
    /// position or a bottle.
    var malformed: String? {
        [uncertainties, fix, state, calibration].lazy.compactMap { $0 }
            .first { $0.kind != .object && $0.kind != .null }?.name
    }

    var conditions: Conditions {
        var conditions = Conditions()
        for (name, member) in Member.weather { conditions.append(name, object[member]) }
        if let fix { for (name, member) in Member.receiver { conditions.append(name, fix[member]) } }
        guard let state, state.kind == .object else { return conditions }
        let quantities = state.children.map { (name: $0.name, element: $0) }.sorted { $0.name < $1.name }
        for quantity in quantities { conditions.append(quantity.name, quantity.element) }
        return conditions
    }

    var sequence: SequenceNumber? {
        guard let element = object[Member.sequence], let value = element.number,
            let number = element.wholeNumber ?? Int64(exactly: value)
        else { return nil }
        return SequenceNumber(boot: object[Member.boot]?.text ?? "", number: number)
    }
}

extension Conditions {
    /// Adds what is a number; `null` and other kinds say nothing.
    fileprivate mutating func append(_ name: String, _ element: JSONElement?) {
        if let value = element?.number { append(name, value) }
    }
}

/// The names of the members.
enum Member {
    static let version: JSONName = "v"
    static let time: JSONName = "ts"
    static let uncertainties: JSONName = "u"
    static let fix: JSONName = "gps"
    static let longitude: JSONName = "lon"
    static let latitude: JSONName = "lat"
    static let altitude: JSONName = "alt"
    static let state: JSONName = "inst"
    static let calibration: JSONName = "cal"
    static let bottle: JSONName = "bottle"
    static let sequence: JSONName = "seq"
    static let boot: JSONName = "boot"
    static let gases: [(gas: Gas, name: JSONName)] = Gas.allCases.map { ($0, JSONName($0.rawValue)) }
    static let weather = named(["t", "rh", "p", "h2o", "ws", "wd", "bat"])
    static let receiver = named(["spd", "hdg", "acc", "sat"])

    private static func named(_ texts: [String]) -> [(text: String, name: JSONName)] {
        texts.map { ($0, JSONName($0)) }
    }
}
