import Formats
import Foundation
import Observations
import Quantities

/// Whether a network file can be read, and what it describes.
enum NetworkCheck {
    static func finding(_ path: String) -> Finding {
        do {
            let file = try NetworkFile(path: path)
            let stations = file.network.stations
            let instruments = stations.reduce(0) { $0 + $1.instruments.count }
            let alarms = file.alarms.isEmpty ? "no alarms" : "\(file.alarms.count) alarms"
            let detail = "\(path): \(stations.count) stations, \(instruments) instruments, \(alarms)"
            return .ok("network", detail)
        } catch {
            return .fail("network", "\(error.place): \(error.what)", remedy: error.remedy, error.exitStatus)
        }
    }
}
