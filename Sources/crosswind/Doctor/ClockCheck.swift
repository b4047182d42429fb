import Foundation
import Quantities

/// Whether the clock of this machine can be believed: lags, alarms and what was known when all hang on it.
enum ClockCheck {
    /// - Parameter service: where systemd-timesyncd keeps its state; other services leave no trace.
    static func finding(now: Instant = .now(), service: String = "/run/systemd/timesync") -> Finding {
        let remedy = "set the clock and keep it with NTP (systemd-timesyncd, chrony)"
        // This software did not exist before.
        guard now >= Instant(CivilTime(year: 2025, month: 1, day: 1)) else {
            return .warn("clock", "says \(now)", remedy: remedy)
        }
        let files = FileManager.default
        guard files.fileExists(atPath: service) else { return .ok("clock", "says \(now)") }
        return files.fileExists(atPath: service + "/synchronized")
            ? .ok("clock", "synchronised") : .warn("clock", "says \(now), not synchronised", remedy: remedy)
    }
}
