import Observations
import Quantities
import SQLite

extension ArchiveWriter {
    /// Stores the readings of a page, and the lines of the page when any of them changes the store.
    /// - Returns: what became of each reading, in order.
    public mutating func store(
        _ page: ReadingPage,
        network: String,
        topic: RawSpan
    ) throws(ArchiveError) -> [StoreOutcome] {
        if !raw.hasRoom(messages: Int64(page.lines.count)) { try beginBatch() }
        do {
            var outcomes: [StoreOutcome] = []
            outcomes.reserveCapacity(page.rows.count)
            var numbers = PageNumbers(page)
            for row in page.rows { outcomes.append(try store(row, of: page, network, &numbers)) }
            guard messageHasStored else { return outcomes }
            messageHasStored = false
            raw.append(topic: topic, page: page)
            if raw.isFull { try beginBatch() }
            return outcomes
        } catch let error as ArchiveError {
            throw error
        } catch let error as SQLiteError {
            throw .storage(error)
        } catch {
            preconditionFailure("an error of another kind")
        }
    }

    private mutating func store(
        _ row: ReadingPage.Row,
        of page: ReadingPage,
        _ network: String,
        _ numbers: inout PageNumbers
    ) throws(SQLiteError) -> StoreOutcome {
        let series = try series(row.series, of: page, network, &numbers)
        let place = ReadingPlace(
            series: series.number,
            time: row.time,
            message: raw.nextMessage + Int64(row.line),
            received: transactionTime
        )
        var conditions = numbers.scratch
        numbers.scratch = []
        conditions.removeAll(keepingCapacity: true)
        for entry in row.conditions {
            let condition = page.conditions[entry]
            if numbers.names[condition.name] == 0 {
                numbers.names[condition.name] = try stations.conditionName(
                    page.names[condition.name],
                    connection
                )
            }
            ConditionCodec.append(condition.value, name: numbers.names[condition.name], to: &conditions)
        }
        let reported = ReportedRow(
            row.values.on(scale: series.scale),
            conditions: conditions,
            bottle: row.bottle
        )
        let outcome = try readings.store(reported, at: place, connection)
        numbers.scratch = conditions
        note(outcome)
        if outcome != .duplicated { dirty.note(series.place, row.time) }
        return outcome
    }

    private mutating func series(
        _ place: Int,
        of page: ReadingPage,
        _ network: String,
        _ numbers: inout PageNumbers
    ) throws(SQLiteError) -> PageNumbers.Series {
        if let known = numbers.series[place] { return known }
        let name = page.series[place]
        let entry = try stations.series(
            station(name.station, network: network),
            name.instrument,
            name.gas,
            connection
        )
        let found = PageNumbers.Series(
            number: entry.number,
            place: entry.place,
            scale: try stations.scale(name.scale, connection)
        )
        numbers.series[place] = found
        return found
    }
}

/// The numbers in the store of what a page has names for; found when first needed.
private struct PageNumbers {
    struct Series {
        let number: Int64
        let place: Int
        let scale: Int64
    }

    var series: [Series?]
    /// Zero for an unknown one.
    var names: [Int64]
    var scratch: [UInt8] = []

    init(_ page: ReadingPage) {
        series = Array(repeating: nil, count: page.series.count)
        names = Array(repeating: 0, count: page.names.count)
    }
}
