/// The numbers that come with a measurement and are no mole fractions: weather, the receiver's fix, the state
/// of the instrument. Each under its name; names of weather and fix are fixed, those of an instrument are its own.
///
/// | name | quantity | unit |
/// | --- | --- | --- |
/// | `t` | air temperature | degree Celsius |
/// | `rh` | relative humidity | % |
/// | `p` | air pressure | hPa |
/// | `h2o` | water vapour, mole fraction of moist air | % |
/// | `ws`, `wd` | wind speed, direction it comes from | m s-1, degree |
/// | `spd`, `hdg` | speed and heading of the vehicle | m s-1, degree |
/// | `acc`, `sat` | accuracy of the fix, satellites in it | m, 1 |
/// | `bat` | battery | V |
public struct Conditions: Equatable, Sendable {
    public struct Entry: Equatable, Sendable {
        public let name: String
        public let value: Double

        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// In the order in which they were given.
    public private(set) var entries: [Entry] = []

    public init() {}

    public init(_ entries: [Entry]) { self.entries = entries }

    public var isEmpty: Bool { entries.isEmpty }

    /// Nil for what is not there. Of a name that is there twice the first counts.
    public subscript(_ name: String) -> Double? { entries.first { $0.name == name }?.value }

    /// Adds a number; one that is not finite says nothing and is left out.
    public mutating func append(_ name: String, _ value: Double) {
        if value.isFinite { entries.append(Entry(name: name, value: value)) }
    }

    /// Makes room for as many numbers in all.
    public mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

    /// Forgets all, but keeps the memory for as many again.
    public mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    /// Names that mean the same for every device.
    public static let commonNames = ["t", "rh", "p", "h2o", "ws", "wd", "spd", "hdg", "acc", "sat", "bat"]
}

extension Conditions: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Double)...) {
        self.init(elements.map { Entry(name: $0.0, value: $0.1) })
    }
}
