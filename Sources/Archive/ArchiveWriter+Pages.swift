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
            let outcomes = try storeReadings(of: page, network)
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

    private mutating func storeReadings(
        of page: ReadingPage,
        _ network: String
    ) throws(SQLiteError) -> [StoreOutcome] {
        let numbers = try numbers(of: page, network)
        var outcomes = [StoreOutcome](repeating: .stored, count: page.rows.count)
        let rows = PageOrder(page)
        for start in stride(from: 0, to: rows.grouped.count, by: GroupInsertion.size) {
            let places = rows.grouped[start..<start + GroupInsertion.size]
            try storeGroup(places, of: page, numbers, &outcomes)
        }
        for row in rows.single {
            let reading = page.reported(row, numbers)
            outcomes[row] = try readings.store(reading, at: place(row, of: page, numbers), connection)
        }
        for row in page.rows.indices where outcomes[row] != .duplicated {
            note(outcomes[row])
            dirty.note(numbers.series(of: page.rows[row].series).place, page.rows[row].time)
        }
        return outcomes
    }

    private mutating func storeGroup(
        _ rows: ArraySlice<Int>,
        of page: ReadingPage,
        _ numbers: PageNumbers,
        _ outcomes: inout [StoreOutcome]
    ) throws(SQLiteError) {
        if group == nil { group = try GroupInsertion(connection) }
        for (slot, row) in rows.enumerated() {
            let place = place(row, of: page, numbers)
            try group?.set(
                slot,
                page.rows[row].values.on(scale: numbers.series(of: page.rows[row].series).scale),
                at: place,
                conditions: numbers.conditions(of: row),
                bottle: page.rows[row].bottle
            )
        }
        try group?.run(conditions: numbers.conditions.span.bytes)
        guard connection.changedRows < rows.count else { return }
        for row in rows {
            let reading = page.reported(row, numbers)
            outcomes[row] = try readings.outcome(reading, at: place(row, of: page, numbers))
        }
    }

    private func place(_ row: Int, of page: ReadingPage, _ numbers: PageNumbers) -> ReadingPlace {
        ReadingPlace(
            series: numbers.series(of: page.rows[row].series).number,
            time: page.rows[row].time,
            message: raw.nextMessage + Int64(page.rows[row].line),
            received: transactionTime
        )
    }

    /// Numbers are given out in the order in which the readings came, whatever the order in which they are written.
    private mutating func numbers(
        of page: ReadingPage,
        _ network: String
    ) throws(SQLiteError) -> PageNumbers {
        var numbers = PageNumbers(page)
        for row in page.rows.indices {
            let place = page.rows[row].series
            if !numbers.knows(series: place) {
                numbers.set(series: place, try series(page.series[place], network))
            }
            for entry in page.rows[row].conditions {
                let condition = page.conditions[entry]
                if numbers.names[condition.name] == 0 {
                    numbers.names[condition.name] = try stations.conditionName(
                        page.names[condition.name],
                        connection
                    )
                }
                numbers.append(condition)
            }
            numbers.endRow()
        }
        return numbers
    }

    private mutating func series(
        _ name: ReadingPage.SeriesName,
        _ network: String
    ) throws(SQLiteError) -> PageNumbers.Series {
        let entry = try stations.series(
            station(name.station, network: network),
            name.instrument,
            name.gas,
            connection
        )
        return PageNumbers.Series(
            number: entry.number,
            place: entry.place,
            scale: try stations.scale(name.scale, connection)
        )
    }
}

/// Which readings of a page go in groups. No two of these are of the same series and moment.
private struct PageOrder {
    /// In the order of series and time; as many as fill groups.
    private(set) var grouped: [Int]
    /// To be stored after the groups, in this order.
    private(set) var single: [Int] = []

    init(_ page: ReadingPage) {
        grouped = page.order()
        var repeated: [Int] = []
        var last: Int?
        grouped.removeAll { row in
            defer { last = row }
            guard let last, page.rows[last].series == page.rows[row].series,
                page.rows[last].time == page.rows[row].time
            else { return false }
            repeated.append(row)
            return true
        }
        let rest = grouped.count % GroupInsertion.size
        single = grouped.suffix(rest) + repeated
        grouped.removeLast(rest)
    }
}

/// The numbers in the store of what a page has names for, and the conditions written with them.
private struct PageNumbers {
    struct Series {
        let number: Int64
        let place: Int
        let scale: Int64
    }

    private var series: [Series?]
    /// Zero for an unknown one.
    var names: [Int64]
    /// Those of all readings, one after the other.
    private(set) var conditions: [UInt8] = []
    /// Where the conditions of each reading end.
    private var ends: [Int] = []

    init(_ page: ReadingPage) {
        series = Array(repeating: nil, count: page.series.count)
        names = Array(repeating: 0, count: page.names.count)
        conditions.reserveCapacity(page.conditions.count * 5)
        ends.reserveCapacity(page.rows.count)
    }

    func knows(series place: Int) -> Bool { series[place] != nil }

    mutating func set(series place: Int, _ numbers: Series) { series[place] = numbers }

    /// - Precondition: it has been set.
    func series(of place: Int) -> Series {
        guard let numbers = series[place] else { preconditionFailure("a series without numbers") }
        return numbers
    }

    mutating func append(_ condition: ReadingPage.Condition) {
        ConditionCodec.append(condition.value, name: names[condition.name], to: &conditions)
    }

    mutating func endRow() { ends.append(conditions.count) }

    func conditions(of row: Int) -> Range<Int> { (row > 0 ? ends[row - 1] : 0)..<ends[row] }
}

extension ReadingPage {
    fileprivate func reported(_ row: Int, _ numbers: PageNumbers) -> ReportedRow {
        ReportedRow(
            rows[row].values.on(scale: numbers.series(of: rows[row].series).scale),
            conditions: Array(numbers.conditions[numbers.conditions(of: row)]),
            bottle: rows[row].bottle
        )
    }
}
