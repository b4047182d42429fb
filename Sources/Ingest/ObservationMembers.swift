import JSON
import Quantities

/// The members of our own payload that mean something to us.
enum Member: Int, CaseIterable {
    case version, time, sequence, boot, bottle
    case uncertainties, fix, state, calibration
    case co2, ch4, n2o, co
    case temperature, humidity, pressure, waterVapour, windSpeed, windDirection, battery
    case longitude, latitude, altitude
    case speed, heading, accuracy, satellites

    /// The name in a message.
    var text: String {
        switch self {
        case .version: "v"
        case .time: "ts"
        case .sequence: "seq"
        case .boot: "boot"
        case .bottle: "bottle"
        case .uncertainties: "u"
        case .fix: "gps"
        case .state: "inst"
        case .calibration: "cal"
        case .co2: "co2"
        case .ch4: "ch4"
        case .n2o: "n2o"
        case .co: "co"
        case .temperature: "t"
        case .humidity: "rh"
        case .pressure: "p"
        case .waterVapour: "h2o"
        case .windSpeed: "ws"
        case .windDirection: "wd"
        case .battery: "bat"
        case .longitude: "lon"
        case .latitude: "lat"
        case .altitude: "alt"
        case .speed: "spd"
        case .heading: "hdg"
        case .accuracy: "acc"
        case .satellites: "sat"
        }
    }

    init(_ gas: Gas) {
        self =
            switch gas {
            case .co2: .co2
            case .ch4: .ch4
            case .n2o: .n2o
            case .co: .co
            }
    }

    static let weather: [Member] = [
        .temperature, .humidity, .pressure, .waterVapour, .windSpeed, .windDirection, .battery,
    ]
    static let receiver: [Member] = [.speed, .heading, .accuracy, .satellites]
    fileprivate static let names = JSONNameTable(allCases.map(\.text))
}

/// The members of one object that have a name of ours, found in one pass. Others are passed over; of a name that is
/// there twice the first counts.
struct ObservationMembers {
    /// By the raw value of the member.
    private var places: InlineArray<27, JSONElement?> = .init(repeating: nil)

    /// None in what is absent or no object.
    init(_ object: JSONElement?) {
        guard let object, object.kind == .object else { return }
        let names = Member.names
        for element in object.children {
            guard let index = names.index(of: element), places[index] == nil else { continue }
            places[index] = element
        }
    }

    subscript(_ member: Member) -> JSONElement? { places[member.rawValue] }
}
