import Foundation
import Geo
import Quantities

/// The mean of the readings of a sensor over a window, and what of it is no background.
struct WindowMean: Sendable {
    /// Windows since 1970.
    let window: Int64
    let sensor: Int
    /// Of the readings of ``WindowMeans``.
    let readings: Range<Int>
    /// ppm.
    let moleFraction: Double
    /// Stated by the readings, ppm.
    let statedUncertainty: Double
    /// Over the background, and its standard deviation where there is no plume, ppm.
    var enhancement = 0.0
    var deviation = 0.0
}

/// Readings in the order of sensors and time, whatever order they came in, and their means.
struct WindowMeans: Sendable {
    let sensors: [String]
    let readings: [SensorReading]
    let windowMicroseconds: Int64
    /// In the order of windows, then of sensors.
    var rows: [WindowMean]

    /// - Throws: ``TraceError``.
    init(_ given: [SensorReading], windowSeconds: Double) throws(TraceError) {
        let sound = given.filter {
            $0.moleFraction.isFinite && abs($0.moleFraction) < 1e9 && $0.heightMetres.isFinite
                && $0.uncertainty >= 0 && $0.uncertainty.isFinite
        }
        guard !sound.isEmpty else { throw .noReadings }
        sensors = Set(sound.map(\.sensor)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: sensors.enumerated().map { ($1, $0) })
        let keyed = sound.map { (numbers[$0.sensor] ?? 0, $0) }
        readings = keyed.sorted { one, other in
            (one.0, one.1.time, one.1.moleFraction, one.1.position.longitude, one.1.position.latitude)
                < (
                    other.0, other.1.time, other.1.moleFraction, other.1.position.longitude,
                    other.1.position.latitude
                )
        }.map(\.1)
        let length = max(1, Int64(exactly: (windowSeconds * 1e6).rounded()) ?? .max)
        windowMicroseconds = length
        rows = Self.means(readings, length, numbers)
        let span = (rows.first?.window ?? 0, rows.last?.window ?? 0)
        guard span.1 - span.0 < TraceError.mostWindows else {
            throw .tooManyWindows(Int(clamping: span.1 - span.0))
        }
    }

    private static func means(_ readings: [SensorReading], _ length: Int64, _ numbers: [String: Int])
        -> [WindowMean]
    {
        func window(_ reading: SensorReading) -> Int64 {
            let time = reading.time.microseconds
            return time / length - (time % length < 0 ? 1 : 0)
        }
        var rows: [WindowMean] = []
        var start = 0
        while start < readings.count {
            let first = readings[start]
            var end = start
            var (sum, stated) = (0.0, 0.0)
            while end < readings.count, readings[end].sensor == first.sensor,
                window(readings[end]) == window(first)
            {
                sum += readings[end].moleFraction
                stated += readings[end].uncertainty
                end += 1
            }
            let count = Double(end - start)
            rows.append(
                WindowMean(
                    window: window(first),
                    sensor: numbers[first.sensor] ?? 0,
                    readings: start..<end,
                    moleFraction: sum / count,
                    statedUncertainty: stated / count
                )
            )
            start = end
        }
        return rows.sorted { ($0.window, $0.sensor) < ($1.window, $1.sensor) }
    }

    func period(of windows: ClosedRange<Int64>) -> Period {
        Period(
            start: Instant(microseconds: windows.lowerBound * windowMicroseconds),
            end: Instant(microseconds: (windows.upperBound + 1) * windowMicroseconds)
        )
    }
}
