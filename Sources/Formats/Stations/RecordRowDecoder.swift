import CSV
import Observations
import Quantities

/// A station of the network and the units of the values in the order of their columns.
private struct KnownStation {
    let id: String
    /// In UTF-8.
    let name: [UInt8]
    let units: [MoleFractionUnit?]

    func isNamed(_ text: Span<UInt8>) -> Bool {
        guard text.count == name.count else { return false }
        for index in name.indices where text[index] != name[index] { return false }
        return true
    }
}

/// Turns the fields of a line into a row.
struct RecordRowDecoder {
    private let plan: RecordColumnPlan
    private let layout: RecordMapping.Layout
    private let stations: [KnownStation]
    private let places: [String: Int]
    /// Scratch for a time that stands in several columns.
    private var timeText: [UInt8] = []
    /// The place of the station of the line before; nil for one that the network does not have.
    private var last: Int?
    private var lastStation = ""
    /// Whether it is known of the channels if they are corrected for water vapour.
    private let knowsChannels: Bool

    init(plan: RecordColumnPlan, layout: RecordMapping.Layout, stations: [Station]) {
        self.plan = plan
        self.layout = layout
        knowsChannels = plan.values.contains { $0.channel != .unnamed }
        self.stations = stations.map { station in
            KnownStation(
                id: station.id,
                name: Array(station.id.utf8),
                units: plan.values.map { value in station.instruments.first { $0.gas == value.gas }?.unit }
            )
        }
        places = Dictionary(
            stations.indices.map { (stations[$0].id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        if case .constant(let name) = plan.station {
            lastStation = name
            last = places[name]
        }
    }

    /// Reads a line into a row, whose memory is used again.
    mutating func read(_ line: borrowing CSVScanner, into row: inout RecordedRow) throws(RecordProblem) {
        guard line.fieldCount == plan.count else {
            throw RecordProblem(.malformed, "\(line.fieldCount) fields where the header has \(plan.count)")
        }
        row.time = try time(line)
        findStation(line)
        row.station = lastStation
        var isDry = true
        row.values.keep(atMost: plan.values.count)
        for index in plan.values.indices {
            row.values.set(index, to: try value(index, line, &isDry))
        }
        row.state.keep(atMost: plan.state.count)
        for index in plan.state.indices {
            let source = plan.state[index]
            row.state.set(index, to: .init(name: source.name, value: try number(source.column, line)))
        }
        row.conditions.removeAll()
        for source in plan.conditions {
            guard let number = try number(source.column, line) else { continue }
            row.conditions.append(source.name, source.conversion(number))
        }
        if knowsChannels { row.conditions.append("dry", isDry ? 1 : 0) }
        row.fix = if let source = plan.fix { try fix(source, line) } else { nil }
        row.bottle = try bottle(line)
    }

    private mutating func time(_ line: borrowing CSVScanner) throws(RecordProblem) -> Instant {
        var time: Instant?
        if plan.time.count == 1 {
            time = plan.timeFormat.instant(line.bytes.span.extracting(trimmed(plan.time[0], line)))
        } else {
            timeText.removeAll(keepingCapacity: true)
            for (place, column) in plan.time.enumerated() {
                if place > 0 { timeText.append(UInt8(ascii: " ")) }
                timeText.append(contentsOf: line.bytes[trimmed(column, line)])
            }
            time = plan.timeFormat.instant(timeText.span)
        }
        if let time { return time }
        let text = plan.time.map { line.text($0) }.joined(separator: " ")
        let names = plan.time.map { plan.names[$0] }.joined(separator: " ")
        let expected =
            plan.timeFormat == .iso8601 ? "an ISO 8601 time with zone" : "a time as `record` describes it"
        throw RecordProblem(.unreadableTime, "`\(text.prefix(64))` in \(names) is not \(expected)")
    }

    private mutating func findStation(_ line: borrowing CSVScanner) {
        guard case .column(let column) = plan.station else { return }
        let place = trimmed(column, line)
        let name = line.bytes.span.extracting(place)
        // Stations take turns in a file, or one comes after the other.
        if let last {
            let next = last + 1 < stations.count ? last + 1 : 0
            if stations[next].isNamed(name) { return turn(to: next) }
            if stations[last].isNamed(name) { return turn(to: last) }
        }
        lastStation = String(decoding: line.bytes[place], as: UTF8.self)
        last = places[lastStation]
    }

    private mutating func turn(to place: Int) {
        last = place
        lastStation = stations[place].id
    }

    private func value(
        _ index: Int,
        _ line: borrowing CSVScanner,
        _ isDry: inout Bool
    ) throws(RecordProblem) -> RecordedRow.Value {
        let source = plan.values[index]
        var value = try number(source.column, line)
        if value == 0, source.channel != .unnamed { value = nil }
        var isMoist = source.channel == .wet && value != nil
        if value == nil, let column = source.moistColumn, let moist = try number(column, line), moist != 0 {
            value = moist
            isMoist = true
        }
        var uncertainty: Double?
        if let column = source.uncertainty { uncertainty = try number(column, line) }
        if let unit = source.unit, let last, let wanted = stations[last].units[index], unit != wanted {
            value = value.map { wanted.fromPartsPerMillion(unit.partsPerMillion($0)) }
            uncertainty = uncertainty.map { wanted.fromPartsPerMillion(unit.partsPerMillion($0)) }
        }
        var verdict = source.flag.flatMap { flag in
            flag.alphabet.verdict(line.bytes.span.extracting(trimmed(flag.column, line)))
        }
        if isMoist {
            // A mole fraction of moist air is not what the network states.
            verdict = QualityVerdict(flag: .suspect, tests: .waterVapour)
            isDry = false
        }
        return .init(gas: source.gas, value: value, standardUncertainty: uncertainty, verdict: verdict)
    }

    private func fix(
        _ source: RecordColumnPlan.Fix,
        _ line: borrowing CSVScanner
    ) throws(RecordProblem) -> RecordedRow.Fix {
        RecordedRow.Fix(
            longitude: try number(source.longitude, line),
            latitude: try number(source.latitude, line),
            altitudeMetres: try number(source.altitude, line),
            accuracyMetres: try number(source.accuracy, line),
            satellites: try number(source.satellites, line),
            speedMetresPerSecond: try number(source.speed, line)
        )
    }

    private func bottle(_ line: borrowing CSVScanner) throws(RecordProblem) -> String? {
        guard let column = plan.bottle else { return nil }
        let place = trimmed(column, line)
        guard !place.isEmpty, !isMissingWord(line.bytes[place]) else { return nil }
        let name = String(decoding: line.bytes[place], as: UTF8.self)
        // As of messages: bytes that are no text grow when they are decoded, so the text is what counts.
        guard name.utf8.count <= 64 else {
            throw RecordProblem(.malformed, "the bottle in \(plan.names[column]) has more than 64 bytes")
        }
        return name
    }

    /// Nil for an absent column, an empty field and what stands for a missing value.
    private func number(_ column: Int?, _ line: borrowing CSVScanner) throws(RecordProblem) -> Double? {
        guard let column else { return nil }
        let place = trimmed(column, line)
        guard !place.isEmpty else { return nil }
        if let number = decimalNumber(line.bytes.span.extracting(place), mark: layout.decimalMark) {
            return layout.missingNumbers.contains(number) ? nil : number
        }
        if isMissingWord(line.bytes[place]) { return nil }
        throw RecordProblem(
            .notANumber,
            "`\(line.text(column).prefix(64))` in \(plan.names[column]) is not a number"
        )
    }

    private func isMissingWord(_ text: ArraySlice<UInt8>) -> Bool {
        let word = String(decoding: text, as: UTF8.self).lowercased()
        return ["nan", "na", "null"].contains(word) || layout.missingWords.contains(word)
    }

    /// A field without surrounding blanks.
    private func trimmed(_ column: Int, _ line: borrowing CSVScanner) -> Range<Int> {
        let field = line.field(column)
        var first = field.lowerBound
        var last = field.upperBound
        while first < last, isBlank(line.bytes[first]) { first += 1 }
        while last > first, isBlank(line.bytes[last - 1]) { last -= 1 }
        return first..<last
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

extension Array {
    fileprivate mutating func keep(atMost limit: Int) {
        if count > limit { removeLast(count - limit) }
    }

    /// Overwrites an element, or appends it behind the last one: all lines have the same number of them.
    fileprivate mutating func set(_ index: Int, to element: Element) {
        if index < count { self[index] = element } else { append(element) }
    }
}
