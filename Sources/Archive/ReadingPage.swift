public import Observations
import Quantities

/// Lines of a file and the readings in them, on their way into the store: a few pieces of memory for all together,
/// where a reading by itself takes several.
///
/// A page is raw data and readings in one: the store keeps its lines together, and every reading names its line.
public struct ReadingPage: Sendable {
    struct Line: Sendable {
        /// In the file, from 1.
        let number: Int
        /// Within the bytes of the page.
        let bytes: Range<Int>
    }

    struct SeriesName: Hashable, Sendable {
        let station: String
        let instrument: String
        let gas: Gas
        let scale: CalibrationScale

        func isOf(_ reading: Reading) -> Bool {
            gas == reading.gas && station == reading.station && instrument == reading.instrument
                && scale == reading.scale
        }
    }

    struct Row: Sendable {
        /// Place among the lines.
        let line: Int
        /// Place among the series.
        let series: Int
        let time: Int64
        /// With the scale left open.
        let values: StoredValues
        /// Places among the conditions.
        let conditions: Range<Int>
        let bottle: String?
    }

    struct Condition: Sendable {
        /// Place among the names.
        let name: Int
        let value: Double
    }

    private(set) var bytes: [UInt8] = []
    private(set) var lines: [Line] = []
    private(set) var rows: [Row] = []
    private(set) var conditions: [Condition] = []
    private(set) var series: [SeriesName] = []
    private(set) var names: [String] = []
    private var places: [SeriesName: Int] = [:]
    private var lastSeries = 0
    /// Where the readings of the last line begin.
    private var lineStart = 0

    /// An empty page.
    /// - Parameters:
    ///   - previous: a page of the same source, whose names this one is likely to need.
    ///   - lines: how many are expected.
    public init(after previous: ReadingPage? = nil, lines count: Int = 1024) {
        if let previous {
            series = previous.series
            names = previous.names
            places = previous.places
        }
        lines.reserveCapacity(count)
        rows.reserveCapacity(count)
        conditions.reserveCapacity(count * max(1, names.count))
        bytes.reserveCapacity(count * 128)
    }

    public var lineCount: Int { lines.count }
    public var byteCount: Int { bytes.count }
    public var readingCount: Int { rows.count }

    /// The stations of the series, some perhaps several times.
    public var stationsOfSeries: [String] { series.map(\.station) }

    /// Flag of a reading, by its place, and the place of its series.
    public func verdict(_ place: Int) -> (series: Int, flag: QualityFlag) {
        (rows[place].series, QualityFlag(rawValue: UInt8(rows[place].values.flag)) ?? .fail)
    }

    /// The text of a line, by its place.
    public func text(_ line: Int) -> ArraySlice<UInt8> { bytes[lines[line].bytes] }

    /// Number in the file of a line, by its place.
    public func lineNumber(_ line: Int) -> Int { lines[line].number }

    /// Adds a line; readings that are added afterwards are of it.
    /// - Parameter number: in the file, from 1.
    public mutating func appendLine(_ number: Int, _ text: ArraySlice<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: text)
        lines.append(Line(number: number, bytes: start..<bytes.count))
        lineStart = rows.count
    }

    /// Adds a reading of the last line.
    /// - Precondition: there is a line.
    public mutating func append(_ reading: Reading) {
        precondition(!lines.isEmpty, "a reading needs a line")
        let first = conditions.count
        for entry in reading.conditions.entries {
            let name = place(ofName: entry.name, expected: conditions.count - first)
            conditions.append(Condition(name: name, value: entry.value))
        }
        rows.append(
            Row(
                line: lines.count - 1,
                series: place(ofSeries: reading),
                time: reading.time.microseconds,
                values: StoredValues(reading, scale: 0),
                conditions: first..<conditions.count,
                bottle: reading.bottle
            )
        )
    }

    /// The places of the readings in the order of their series and, within one, of time; those of the same moment in
    /// the order in which they came.
    func order() -> [Int] {
        var next = [Int](repeating: 0, count: series.count)
        var latest = [Int64](repeating: .min, count: series.count)
        var isAscending = true
        for row in rows.indices {
            let place = rows[row].series
            let time = rows[row].time
            next[place] += 1
            if time < latest[place] { isAscending = false }
            latest[place] = time
        }
        guard isAscending else {
            return rows.indices.sorted {
                (rows[$0].series, rows[$0].time, $0) < (rows[$1].series, rows[$1].time, $1)
            }
        }
        var start = 0
        for place in next.indices { (next[place], start) = (start, start + next[place]) }
        var order = [Int](repeating: 0, count: rows.count)
        for row in rows.indices {
            let place = rows[row].series
            order[next[place]] = row
            next[place] += 1
        }
        return order
    }

    /// Takes the readings of the last line out again; the line itself stays.
    public mutating func removeReadingsOfLastLine() {
        guard lineStart < rows.count else { return }
        conditions.removeSubrange(rows[lineStart].conditions.lowerBound...)
        rows.removeSubrange(lineStart...)
    }

    /// Names come in the same order line by line.
    private mutating func place(ofName name: String, expected: Int) -> Int {
        if expected < names.count, names[expected] == name { return expected }
        if let known = names.firstIndex(of: name) { return known }
        names.append(name)
        return names.count - 1
    }

    /// Stations take turns in a file, or one comes after the other.
    private mutating func place(ofSeries reading: Reading) -> Int {
        for guess in [lastSeries + 1 == series.count ? 0 : lastSeries + 1, lastSeries]
        where guess < series.count && series[guess].isOf(reading) {
            lastSeries = guess
            return guess
        }
        let name = SeriesName(
            station: reading.station,
            instrument: reading.instrument,
            gas: reading.gas,
            scale: reading.scale
        )
        if let known = places[name] {
            lastSeries = known
        } else {
            lastSeries = series.count
            places[name] = lastSeries
            series.append(name)
        }
        return lastSeries
    }
}
