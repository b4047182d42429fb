import Geo
public import Observations
public import Quantities
import SQLite

/// A reading with its place in the history of the store.
public struct StoredReading: Equatable, Sendable {
    public let network: String
    public let reading: Reading
    /// How often the value of this moment has been replaced.
    public let revision: Int
    /// The message it came from.
    public let rawMessage: Int64
}

/// A message as it came.
public struct RawMessage: Equatable, Sendable {
    public let id: Int64
    public let received: Instant
    public let topic: String
    /// In the file that the topic names, from 1; nil for what came as a message.
    public let line: Int?
    public let payload: [UInt8]
    /// True when topic and payload have been deleted for their age and are empty here.
    public let isDiscarded: Bool
}

/// A message, or part of one, that could not be used.
public struct DeadLetter: Equatable, Sendable {
    public let id: Int64
    public let received: Instant
    public let topic: String
    public let payload: [UInt8]
    public let rejection: Rejection
    /// The version of the decoder that refused it.
    public let decoder: String
    /// When it was taken in again; nil while it has not been.
    public let replayed: Instant?
    /// How often it has come again since.
    public let repeats: Int
    /// When it came the last time.
    public let lastReceived: Instant

    /// Whether only the first ``shortenedByteCount`` bytes of the payload are there: the detail of the rejection tells
    /// how many there were, and their SHA-256. It cannot be decoded again.
    public var isShortened: Bool { decoder == Self.decoderOfShortened }

    /// How much is kept of a message that is too large to be kept.
    public static let shortenedByteCount = 65_536
    static let decoderOfShortened = "shortened"
}

/// How many readings a station has with a flag.
public struct FlagCount: Equatable, Sendable {
    public let network: String
    public let station: String
    public let gas: Gas
    public let flag: QualityFlag
    public let count: Int
}

/// The conditions of a moment at a station.
public struct StoredConditions: Equatable, Sendable {
    public let time: Instant
    public let conditions: Conditions
}

/// An aggregate with the series it is of.
public struct StoredAggregate: Equatable, Sendable {
    public let series: Series
    public let aggregate: Aggregate
}

extension FlagCount {
    /// - Throws: ``ArchiveError`` for a gas or flag that there is not, at the first time it occurs.
    init(_ row: borrowing Statement, _ path: String) throws(ArchiveError) {
        network = row.text(0) ?? ""
        station = row.text(1) ?? ""
        count = Int(row.integer(4))
        let time = Instant(microseconds: row.integer(5))
        let stored = StoredRow(path: path, series: "\(network)/\(station)", time: time)
        gas = try stored.gas(row.text(2))
        flag = try stored.flag(row.integer(3))
    }
}

extension DeadLetter {
    static let columns =
        "id, received, topic, payload, item, reason, detail, decoder, replayed, repeats, last_received"

    init(_ row: borrowing Statement) {
        id = row.integer(0)
        received = Instant(microseconds: row.integer(1))
        topic = row.text(2) ?? ""
        payload = row.bytes(3)
        rejection = Rejection(
            reason: row.text(5) ?? "",
            detail: row.text(6) ?? "",
            item: row.isNull(4) ? nil : Int(row.integer(4))
        )
        decoder = row.text(7) ?? ""
        replayed = row.isNull(8) ? nil : Instant(microseconds: row.integer(8))
        repeats = Int(row.integer(9))
        lastReceived = Instant(microseconds: row.integer(10))
    }
}

/// Where a row stands, and what its columns mean. What cannot be understood is never replaced by something
/// plausible: it would be counted among the measurements.
struct StoredRow {
    let path: String
    let series: String
    let time: Instant

    init(path: String, series: String, time: Instant) {
        self.path = path
        self.series = series
        self.time = time
    }

    func gas(_ name: String?) throws(ArchiveError) -> Gas {
        guard let gas = Gas(rawValue: name ?? "") else { throw damaged("unknown gas `\(name ?? "")`") }
        return gas
    }

    func flag(_ number: Int64) throws(ArchiveError) -> QualityFlag {
        guard let flag = UInt8(exactly: number).flatMap(QualityFlag.init(rawValue:)) else {
            throw damaged("unknown flag \(number)")
        }
        return flag
    }

    func tests(_ bits: Int64) throws(ArchiveError) -> QualityTests {
        guard let bits = UInt32(exactly: bits) else { throw damaged("unknown tests \(bits)") }
        return QualityTests(rawValue: bits)
    }

    func position(
        _ longitude: Double?,
        _ latitude: Double?,
        _ altitude: Double?
    ) throws(ArchiveError) -> Position? {
        if longitude == nil, latitude == nil { return nil }
        guard let longitude, let latitude,
            let position = Position(longitude: longitude, latitude: latitude, altitudeMetres: altitude)
        else { throw damaged("impossible position") }
        return position
    }

    func damaged(_ problem: String) -> ArchiveError {
        .damagedRow(path: path, series: series, time: time, problem: problem)
    }
}
