import Foundation
public import Observations

/// The topic of a station's alarms.
public func alarmTopic(network: String, station: String) -> String {
    "co2/v1/\(network)/\(station)/alarm"
}

/// An alarm event as it is sent: the same JSON to the broker, where it is retained, and to a webhook.
///
/// It tells the change and what stands at the station after it, so that whoever subscribes later, and gets only the
/// retained message, knows the whole.
public struct AlarmPublication: Encodable, Sendable {
    public let topic: String
    let event: AlarmEvent
    let standing: [Alarm]

    enum CodingKeys: String, CodingKey {
        case event, standing
    }

    /// - Parameter standing: all alarms of the network after the event.
    public init(_ event: AlarmEvent, standing: [Alarm]) {
        topic = alarmTopic(network: event.alarm.network, station: event.alarm.station)
        self.event = event
        self.standing = standing.filter { $0.station == event.alarm.station }
    }

    /// The payload, in UTF-8.
    public var payload: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only numbers that are not finite could fail, and no rule lets one through.
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }
}
