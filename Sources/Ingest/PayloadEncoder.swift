public import Formats
import Observations
import Quantities

/// Writes the payload that ``PayloadDecoder`` reads, as a device would send it.
///
/// What a source says of a value itself, the verdict of a ``RecordedRow``, has no place in a message.
public struct PayloadEncoder: Sendable {
    /// Tells one run of a device from another; a replay takes it from the recorded file, so that replaying
    /// the same file again sends the same messages.
    public let boot: String

    public init(boot: String) { self.boot = boot }

    /// One observation. Missing numbers become `null`.
    /// - Parameter sequence: counts the messages of one device.
    public func encode(_ row: RecordedRow, sequence: Int) -> [UInt8] {
        var text = "{\"v\":1,\"boot\":\(jsonString(boot)),\"seq\":\(sequence),\"ts\":\"\(row.time)\""
        for value in row.values { text += ",\"\(value.gas.rawValue)\":\(number(value.value))" }
        let uncertainties = row.values.compactMap { value in
            value.standardUncertainty.map { (name: value.gas.rawValue, value: Optional($0)) }
        }
        text += object("u", uncertainties)
        let (weather, receiver, state) = sorted(row.conditions)
        for quantity in weather { text += member(quantity.name, quantity.value) }
        text += object("gps", fix(row.fix) + receiver)
        text += object("inst", state + row.state.map { (name: $0.name, value: $0.value) })
        if let bottle = row.bottle { text += ",\"bottle\":\(jsonString(bottle))" }
        return Array((text + "}").utf8)
    }

    private typealias Quantity = (name: String, value: Double?)

    /// By where a message has them.
    private func sorted(
        _ conditions: Conditions
    ) -> (weather: [Quantity], receiver: [Quantity], state: [Quantity]) {
        var groups: (weather: [Quantity], receiver: [Quantity], state: [Quantity]) = ([], [], [])
        for entry in conditions.entries {
            let quantity = (name: entry.name, value: Optional(entry.value))
            if Member.weather.contains(where: { $0.text == entry.name }) {
                groups.weather.append(quantity)
            } else if Member.receiver.contains(where: { $0.text == entry.name }) {
                groups.receiver.append(quantity)
            } else {
                groups.state.append(quantity)
            }
        }
        return groups
    }

    /// Half a position is none.
    private func fix(_ fix: RecordedRow.Fix?) -> [Quantity] {
        guard let fix else { return [] }
        var quantities: [Quantity] = []
        if fix.latitude != nil, fix.longitude != nil {
            quantities = [("lat", fix.latitude), ("lon", fix.longitude), ("alt", fix.altitudeMetres)]
        }
        quantities += [("acc", fix.accuracyMetres), ("sat", fix.satellites)]
        quantities.append(("spd", fix.speedMetresPerSecond))
        return quantities.filter { $0.value != nil }
    }

    private func object(_ name: String, _ quantities: [Quantity]) -> String {
        guard !quantities.isEmpty else { return "" }
        let members = quantities.map { "\(jsonString($0.name)):\(number($0.value))" }
        return ",\"\(name)\":{\(members.joined(separator: ","))}"
    }

    private func member(_ name: String, _ value: Double?) -> String { ",\"\(name)\":\(number(value))" }

    private func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
        return "\(value)"
    }
}
