import Quantities

/// What a device sends: the member `payload` of a station.
public struct PayloadDescription: Equatable, Sendable {
    static let keys: [String] = []

    init(_ object: ConfigurationObject) throws(ConfigurationError) {}
}
