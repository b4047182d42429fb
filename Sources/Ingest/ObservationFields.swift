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
    private let state: [String: Double]

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
        state = members.object("inst").map { numbers(of: $0) } ?? [:]
    }

    func value(_ gas: Gas) -> NumberField? { values.first { $0.gas == gas }?.value }

    func uncertainty(_ gas: Gas) -> NumberField? { uncertainties.first { $0.gas == gas }?.value }

    /// What the instrument says of its own state; nil for what is absent or no number.
    func stateValue(_ quantity: String) -> Double? { state[quantity] }
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

private func numbers(of members: KeyedDecodingContainer<MemberName>) -> [String: Double] {
    var numbers: [String: Double] = [:]
    for name in members.allKeys {
        if case .number(let value) = members.numberField(name) { numbers[name.stringValue] = value }
    }
    return numbers
}
