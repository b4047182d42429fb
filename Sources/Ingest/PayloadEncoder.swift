public import Formats
import Quantities

/// Writes the payload that ``PayloadDecoder`` reads, as a device would send it.
public struct PayloadEncoder: Sendable {
    /// Tells one run of a device from another; a replay takes it from the recorded file, so that replaying
    /// the same file again sends the same messages.
    public let boot: String

    public init(boot: String) { self.boot = boot }

    /// One observation. Missing numbers become `null`.
    /// - Parameter sequence: counts the messages of one device.
    public func encode(_ row: RecordedRow, sequence: Int) -> [UInt8] {
        var text = "{\"v\":1,\"boot\":\"\(boot)\",\"seq\":\(sequence),\"ts\":\"\(row.time)\""
        for value in row.values { text += ",\"\(value.gas.rawValue)\":\(number(value.value))" }
        let uncertainties = row.values.compactMap { value in
            value.standardUncertainty.map { "\"\(value.gas.rawValue)\":\(number($0))" }
        }
        if !uncertainties.isEmpty { text += ",\"u\":{\(uncertainties.joined(separator: ","))}" }
        if let fix = row.fix, let latitude = fix.latitude, let longitude = fix.longitude {
            text += ",\"gps\":{\"lat\":\(number(latitude)),\"lon\":\(number(longitude))"
            text += member("alt", fix.altitudeMetres) + member("acc", fix.accuracyMetres)
            text += member("sat", fix.satellites) + member("spd", fix.speedMetresPerSecond) + "}"
        }
        if !row.state.isEmpty {
            let members = row.state.map { "\"\($0.name)\":\(number($0.value))" }
            text += ",\"inst\":{\(members.joined(separator: ","))}"
        }
        return Array((text + "}").utf8)
    }

    private func member(_ name: String, _ value: Double?) -> String {
        value.map { ",\"\(name)\":\(number($0))" } ?? ""
    }

    private func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
        return "\(value)"
    }
}
