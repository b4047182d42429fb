import Geo
import Observations
import Quantities
import SQLite

extension StoredReading {
    /// - Throws: ``ArchiveError`` for a row that no version of the writer can have left.
    init(_ row: borrowing Statement, _ path: String) throws(ArchiveError) {
        let stored = StoredRow(
            path: path,
            series: "\(row.text(0) ?? "")/\(row.text(1) ?? "")/\(row.text(2) ?? "")",
            time: Instant(microseconds: row.integer(4))
        )
        network = row.text(0) ?? ""
        revision = Int(row.integer(13))
        rawMessage = row.integer(14)
        reading = Reading(
            station: row.text(1) ?? "",
            instrument: row.text(2) ?? "",
            gas: try stored.gas(row.text(3)),
            time: stored.time,
            valuePartsPerMillion: row.double(5),
            scale: CalibrationScale(rawValue: row.text(7) ?? ""),
            position: try stored.position(row.double(8), row.double(9), row.double(10)),
            standardUncertaintyPartsPerMillion: row.double(6),
            flag: try stored.flag(row.integer(11)),
            tests: try stored.tests(row.integer(12))
        )
    }
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
    }
}

/// Where a row stands, and what its columns mean. What cannot be understood is never replaced by something
/// plausible: it would be counted among the measurements.
private struct StoredRow {
    let path: String
    let series: String
    let time: Instant

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

    private func damaged(_ problem: String) -> ArchiveError {
        .damagedRow(path: path, series: series, time: time, problem: problem)
    }
}
