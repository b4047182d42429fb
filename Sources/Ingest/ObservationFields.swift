import Observations
import Quantities

/// The members of one observation object that mean something to us, as they stand there. Nil is absent.
struct ObservationFields {
    enum Time {
        case absent
        case notText
        case text(String)
    }

    let version: NumberField?
    let time: Time
    let longitude: NumberField?
    let latitude: NumberField?
    let altitude: NumberField?
    /// A member that ought to be an object and is something else; it may hide an uncertainty or a position.
    let malformed: String?
    private let values: [GasField]
    private let uncertainties: [GasField]
    let conditions: Conditions
    let sequence: SequenceNumber?

    /// Members that are not ours are passed over.
    init(_ members: KeyedDecodingContainer<MemberName>) {
        version = members.numberField("v")
        if members.contains("ts") {
            time = (try? members.decode(String.self, forKey: "ts")).map { .text($0) } ?? .notText
        } else {
            time = .absent
        }
        malformed = ["u", "gps", "inst"].first { members.isOtherThanObject(MemberName(stringValue: $0)) }
        values = GasField.all(members)
        uncertainties = members.object("u").map { GasField.all($0) } ?? []
        let fix = members.object("gps")
        longitude = fix?.numberField("lon")
        latitude = fix?.numberField("lat")
        altitude = fix?.numberField("alt")
        conditions = Conditions(members, fix)
        sequence = SequenceNumber(members)
    }

    func value(_ gas: Gas) -> NumberField? { values.first { $0.gas == gas }?.value }

    func uncertainty(_ gas: Gas) -> NumberField? { uncertainties.first { $0.gas == gas }?.value }
}

private struct GasField {
    private static let names: [(gas: Gas, name: MemberName)] = Gas.allCases.map { gas in
        (gas, MemberName(stringValue: gas.rawValue))
    }

    let gas: Gas
    let value: NumberField

    static func all(_ members: KeyedDecodingContainer<MemberName>) -> [GasField] {
        names.compactMap { gas, name in
            members.numberField(name).map { GasField(gas: gas, value: $0) }
        }
    }
}

extension Conditions {
    private static let weather: [MemberName] = ["t", "rh", "p", "h2o", "ws", "wd", "bat"]
    private static let fix: [MemberName] = ["spd", "hdg", "acc", "sat"]

    fileprivate init(
        _ members: KeyedDecodingContainer<MemberName>,
        _ fix: KeyedDecodingContainer<MemberName>?
    ) {
        self.init()
        append(Self.weather, of: members)
        if let fix { append(Self.fix, of: fix) }
        guard let state = members.object("inst") else { return }
        append(state.allKeys.sorted { $0.stringValue < $1.stringValue }, of: state)
    }

    private mutating func append(_ names: [MemberName], of members: KeyedDecodingContainer<MemberName>) {
        for name in names {
            if case .number(let value) = members.numberField(name) { append(name.stringValue, value) }
        }
    }
}

extension SequenceNumber {
    fileprivate init?(_ members: KeyedDecodingContainer<MemberName>) {
        guard case .number(let number)? = members.numberField("seq"), let number = Int64(exactly: number)
        else { return nil }
        boot = (try? members.decodeIfPresent(String.self, forKey: "boot")) ?? ""
        self.number = number
    }
}
