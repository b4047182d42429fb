import Archive
import Geo
import Observations
import Quantities

/// A reading of a car in Hamburg, or of another station.
func reading(
    _ value: Double?,
    at second: Int64 = 0,
    station: String = "car",
    flag: QualityFlag = .good,
    conditions: Conditions = [:],
    bottle: String? = nil
) -> Reading {
    Reading(
        station: station,
        instrument: "g2301",
        gas: .co2,
        time: seconds(second),
        valuePartsPerMillion: value,
        scale: .co2X2007,
        position: Position(longitude: 9.9, latitude: 53.5, altitudeMetres: 12),
        standardUncertaintyPartsPerMillion: 0.1,
        flag: flag,
        tests: flag == .good ? [] : .grossRange,
        conditions: conditions,
        bottle: bottle
    )
}

/// Seconds since 1970.
func seconds(_ count: Int64) -> Instant { Instant(microseconds: count * 1_000_000) }

func period(_ first: Int64, _ end: Int64) -> Period { Period(start: seconds(first), end: seconds(end)) }

extension ArchiveWriter {
    /// Stores readings as one message in a transaction of its own.
    @discardableResult
    mutating func keep(
        _ readings: Reading...,
        payload: String,
        received: Instant = Instant(microseconds: 77)
    ) throws -> [StoreOutcome] {
        try begin(received: received)
        let outcomes = try take(readings, payload: payload)
        try commit()
        return outcomes
    }

    /// Stores readings as one message of the open transaction.
    @discardableResult
    mutating func take(_ readings: [Reading], payload: String) throws -> [StoreOutcome] {
        let topic = Array("co2/v1/n/car/obs".utf8)
        let bytes = Array(payload.utf8)
        return try store(readings, network: "n", topic: topic.span.bytes, payload: bytes.span.bytes)
    }

    /// Runs a body in a transaction.
    mutating func transact<Value>(
        at received: Instant = Instant(microseconds: 77),
        _ body: (inout ArchiveWriter) throws -> Value
    ) throws -> Value {
        try begin(received: received)
        do {
            let value = try body(&self)
            try commit()
            return value
        } catch {
            rollBack()
            throw error
        }
    }
}
