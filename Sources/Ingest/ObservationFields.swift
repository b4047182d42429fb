import Geo
import Observations
import Quantities

/// Why an observation cannot be used.
struct ObservationProblem: Error {
    let reason: RejectionReason
    let detail: String

    init(_ reason: RejectionReason, _ detail: String = "") {
        self.reason = reason
        self.detail = detail
    }
}

/// The members of one observation object that mean something to us, as they stand there.
struct ObservationFields {
    private struct GasField {
        let gas: Gas
        let value: JSONScalar
    }

    private struct StateField {
        let name: JSONText
        let value: JSONScalar
    }

    private var isObject = true
    private var version: JSONScalar?
    private var time: JSONScalar?
    private var values: [GasField] = []
    private var uncertainties: [GasField] = []
    private var longitude: JSONScalar?
    private var latitude: JSONScalar?
    private var altitude: JSONScalar?
    private var state: [StateField] = []

    /// Consumes one value; members that are not ours are checked and passed over.
    init(_ scanner: inout JSONScanner) throws(JSONProblem) {
        guard scanner.peek() == UInt8(ascii: "{") else {
            _ = try scanner.value()
            isObject = false
            return
        }
        var fields = self
        try scanner.object { (scanner, key) throws(JSONProblem) in try fields.read(key, &scanner) }
        self = fields
    }

    private mutating func read(_ key: JSONText, _ scanner: inout JSONScanner) throws(JSONProblem) {
        if let gas = gas(key, scanner) {
            values.append(GasField(gas: gas, value: try scanner.value()))
        } else if scanner.equals(key, "ts") {
            time = try scanner.value()
        } else if scanner.equals(key, "v") {
            version = try scanner.value()
        } else if scanner.equals(key, "u"), scanner.peek() == UInt8(ascii: "{") {
            var found: [GasField] = []
            try scanner.object { (scanner, key) throws(JSONProblem) in
                let value = try scanner.value()
                if let gas = gas(key, scanner) { found.append(GasField(gas: gas, value: value)) }
            }
            uncertainties = found
        } else if scanner.equals(key, "gps"), scanner.peek() == UInt8(ascii: "{") {
            try readFix(&scanner)
        } else if scanner.equals(key, "inst"), scanner.peek() == UInt8(ascii: "{") {
            var found: [StateField] = []
            try scanner.object { (scanner, key) throws(JSONProblem) in
                found.append(StateField(name: key, value: try scanner.value()))
            }
            state = found
        } else {
            _ = try scanner.value()
        }
    }

    private mutating func readFix(_ scanner: inout JSONScanner) throws(JSONProblem) {
        var fields = self
        try scanner.object { (scanner, key) throws(JSONProblem) in
            let value = try scanner.value()
            if scanner.equals(key, "lon") {
                fields.longitude = value
            } else if scanner.equals(key, "lat") {
                fields.latitude = value
            } else if scanner.equals(key, "alt") {
                fields.altitude = value
            }
        }
        self = fields
    }

    private func gas(_ key: JSONText, _ scanner: JSONScanner) -> Gas? {
        // Gases have names of two or three letters.
        guard key.range.count <= 3 || key.hasEscapes else { return nil }
        if scanner.equals(key, "co2") { return .co2 }
        if scanner.equals(key, "ch4") { return .ch4 }
        if scanner.equals(key, "n2o") { return .n2o }
        if scanner.equals(key, "co") { return .co }
        return nil
    }

    // MARK: - Meaning

    /// The readings of the gases that the station has an instrument for, with their flags.
    func readings(
        _ scanner: JSONScanner,
        _ station: Station,
        _ received: Instant
    ) throws(ObservationProblem) -> [Reading] {
        guard isObject else { throw ObservationProblem(.notAnObject) }
        try checkVersion()
        let time = try readTime(scanner, received)
        let reported = try readPosition()
        var readings: [Reading] = []
        for field in values {
            guard let instrument = station.instruments.first(where: { $0.gas == field.gas }) else { continue }
            let reading = try reading(field, instrument, station, time, reported, scanner)
            if let same = readings.firstIndex(where: { $0.gas == field.gas }) {
                // A repeated member counts with its last value, as in every common JSON parser.
                readings[same] = reading
            } else {
                readings.append(reading)
            }
        }
        guard !readings.isEmpty else {
            let known = station.instruments.map { $0.gas.rawValue }.joined(separator: ", ")
            throw ObservationProblem(.noKnownGas, "the station measures \(known)")
        }
        return readings
    }

    private func reading(
        _ field: GasField,
        _ instrument: Instrument,
        _ station: Station,
        _ time: Instant,
        _ reported: ReportedPosition,
        _ scanner: JSONScanner
    ) throws(ObservationProblem) -> Reading {
        let value = try number(field.value, field.gas.rawValue).map(instrument.unit.partsPerMillion)
        guard value?.isFinite ?? true else { throw ObservationProblem(.notFinite, field.gas.rawValue) }
        let uncertainty = try uncertainty(instrument)
        let verdict = QualityControl.assess(
            valuePartsPerMillion: value,
            standardUncertaintyPartsPerMillion: uncertainty,
            position: reported,
            state: { stateValue($0, scanner) },
            station: station,
            instrument: instrument
        )
        return Reading(
            station: station.id,
            instrument: instrument.id,
            gas: instrument.gas,
            time: time,
            valuePartsPerMillion: value,
            scale: instrument.scale,
            position: place(station, reported),
            standardUncertaintyPartsPerMillion: uncertainty,
            flag: verdict.flag,
            tests: verdict.tests
        )
    }

    /// A fixed station is where it was declared to be.
    private func place(_ station: Station, _ reported: ReportedPosition) -> Position? {
        if let declared = station.position { return declared }
        if case .at(let position) = reported { return position }
        return nil
    }

    private func checkVersion() throws(ObservationProblem) {
        switch version {
        case nil: return
        case .number(1): return
        default: throw ObservationProblem(.unsupportedVersion, "v must be 1")
        }
    }

    private func readTime(_ scanner: JSONScanner, _ received: Instant) throws(ObservationProblem) -> Instant {
        guard case .text(let text)? = time else {
            throw ObservationProblem(time == nil ? .missingTime : .unreadableTime, "ts must be a string")
        }
        guard let time = instant(text, scanner) else {
            let words = String(scanner.string(text).prefix(64))
            let lacksZone = Instant(iso8601: words + "Z") != nil
            throw ObservationProblem(lacksZone ? .timeWithoutZone : .unreadableTime, words)
        }
        guard time.seconds(since: received) <= PayloadDecoder.toleratedLeadSeconds else {
            throw ObservationProblem(.timeInFuture, "\(time)")
        }
        return time
    }

    private func readPosition() throws(ObservationProblem) -> ReportedPosition {
        let x = try longitude.flatMap { value throws(ObservationProblem) in try number(value, "gps.lon") }
        let y = try latitude.flatMap { value throws(ObservationProblem) in try number(value, "gps.lat") }
        let height = try altitude.flatMap { value throws(ObservationProblem) in try number(value, "gps.alt") }
        switch (x, y) {
        case (nil, nil): return .absent
        case (let x?, let y?):
            // Receivers without a fix report the point where equator and prime meridian meet.
            if x == 0, y == 0 { return .absent }
            return Position(longitude: x, latitude: y, altitudeMetres: height).map { .at($0) } ?? .impossible
        default: throw ObservationProblem(.halfPosition, "lat and lon go together")
        }
    }

    private func uncertainty(_ instrument: Instrument) throws(ObservationProblem) -> Double? {
        for field in uncertainties where field.gas == instrument.gas {
            guard let value = try number(field.value, "u.\(field.gas.rawValue)") else { continue }
            return value < 0 ? nil : instrument.unit.partsPerMillion(value)
        }
        return instrument.standardUncertaintyPartsPerMillion
    }

    private func stateValue(_ quantity: String, _ scanner: JSONScanner) -> Double? {
        for field in state where scanner.string(field.name) == quantity {
            if case .number(let value) = field.value { return value }
        }
        return nil
    }

    private func number(_ value: JSONScalar, _ name: String) throws(ObservationProblem) -> Double? {
        switch value {
        case .number(let number): return number
        case .null: return nil
        default: throw ObservationProblem(.notANumber, name)
        }
    }
}

/// The usual form `YYYY-MM-DDThh:mm:ss[.f]Z` is read in place; anything else by the general reader.
private func instant(_ text: JSONText, _ scanner: JSONScanner) -> Instant? {
    PlainTime.read(scanner.bytes, text.range) ?? Instant(iso8601: scanner.string(text))
}

/// The one form of time that nearly every message has.
enum PlainTime {
    static func read(_ bytes: [UInt8], _ range: Range<Int>) -> Instant? {
        let first = range.lowerBound
        guard range.count >= 20, bytes[range.upperBound - 1] == UInt8(ascii: "Z"),
            bytes[first + 4] == UInt8(ascii: "-"), bytes[first + 7] == UInt8(ascii: "-"),
            bytes[first + 10] == UInt8(ascii: "T"), bytes[first + 13] == UInt8(ascii: ":"),
            bytes[first + 16] == UInt8(ascii: ":"),
            let year = number(bytes, first, 4), let month = number(bytes, first + 5, 2),
            let day = number(bytes, first + 8, 2), let hour = number(bytes, first + 11, 2),
            let minute = number(bytes, first + 14, 2), let second = number(bytes, first + 17, 2),
            let microsecond = fraction(bytes, first + 19, range.upperBound - 1)
        else { return nil }
        let civil = CivilTime(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second,
            microsecond: microsecond
        )
        return civil.isValid ? Instant(civil) : nil
    }

    private static func number(_ bytes: [UInt8], _ first: Int, _ count: Int) -> Int? {
        var value = 0
        for index in first..<(first + count) {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    private static func fraction(_ bytes: [UInt8], _ first: Int, _ end: Int) -> Int? {
        if first == end { return 0 }
        let count = end - first - 1
        guard bytes[first] == UInt8(ascii: "."), (1...6).contains(count),
            var value = number(bytes, first + 1, count)
        else { return nil }
        for _ in count..<6 { value *= 10 }
        return value
    }
}
