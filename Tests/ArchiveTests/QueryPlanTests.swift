import Foundation
import Observations
import Quantities
import SQLite
import TestSupport
import Testing

@testable import Archive

@Suite struct QueryPlanTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("readings.sqlite").path
        var writer = try ArchiveWriter(path: path)
        try writer.keep(reading(410), reading(411, at: 60), payload: "{}")
        try writer.keep(reading(412, at: 60), payload: "{}", received: Instant(microseconds: 99))
    }

    private func plan(_ query: BoundQuery) throws -> [String] {
        let connection = try Connection(path: path, access: .readOnly)
        let statement = try connection.prepare("EXPLAIN QUERY PLAN " + query.sql)
        var steps: [String] = []
        while try statement.step() { steps.append(statement.text(3) ?? "") }
        return steps
    }

    private func query(asOf moment: Int64?) -> ReadingQuery {
        var query = ReadingQuery(stations: ["car"], gas: .co2, period: period(0, 100))
        query.level = .reported
        query.asOf = moment.map { Instant(microseconds: $0) }
        return query
    }

    /// What was known of a station in a period is not looked for in the whole store.
    @Test(arguments: [nil, 80] as [Int64?])
    func readingsOfAStationAndPeriodAreFoundByTheKey(moment: Int64?) throws {
        let steps = try plan(query(asOf: moment).readings(end: 65_536))
        let tables = moment == nil ? ["readings"] : ["readings", "revisions"]
        for table in tables {
            let lines = steps.filter { $0.contains(table) }
            #expect(
                lines == ["SEARCH \(table) USING PRIMARY KEY (series=? AND time>? AND time<?)"],
                "\(steps)"
            )
        }
    }

    @Test(arguments: [(80, [410, 411]), (100, [410, 412])] as [(Int64, [Double])])
    func whatWasKnownIsTheSame(moment: Int64, expected: [Double]) throws {
        let reader = try ArchiveReader(path: path)
        #expect(try reader.readings(query(asOf: moment)).map(\.valuePartsPerMillion) == expected)
        var other = query(asOf: moment)
        other.stations = ["van"]
        #expect(try reader.readings(other).isEmpty)
        other = query(asOf: moment)
        other.period = period(1, 60)
        #expect(try reader.readings(other).isEmpty)
        other = query(asOf: moment)
        other.network = "n"
        other.flags = [.good]
        other.instruments = ["g2301"]
        #expect(try reader.readings(other).count == 2)
        var all = ReadingQuery()
        all.asOf = Instant(microseconds: moment)
        #expect(try reader.readings(all).map(\.valuePartsPerMillion) == expected)
    }
}
