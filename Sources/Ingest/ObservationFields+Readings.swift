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

extension ObservationFields {
    /// The readings of the gases that the station has an instrument for, with their flags, in the order of
    /// the instruments.
    func readings(of station: Station, received: Instant) throws(ObservationProblem) -> [Reading] {
        try checkVersion()
        if let malformed { throw ObservationProblem(.notAnObject, malformed) }
        let time = try readTime(received)
        let reported = try readPosition()
        var readings: [Reading] = []
        for instrument in station.instruments {
            // Of two instruments for one gas the first is meant: the payload does not tell them apart.
            guard !readings.contains(where: { $0.gas == instrument.gas }) else { continue }
            guard let field = value(instrument.gas) else { continue }
            readings.append(try reading(field, instrument, station, time, reported))
        }
        guard !readings.isEmpty else {
            let known = station.instruments.map { $0.gas.rawValue }.joined(separator: ", ")
            throw ObservationProblem(.noKnownGas, "the station measures \(known)")
        }
        return readings
    }

    private func reading(
        _ field: NumberField,
        _ instrument: Instrument,
        _ station: Station,
        _ time: Instant,
        _ reported: ReportedPosition
    ) throws(ObservationProblem) -> Reading {
        let value = try number(field, instrument.gas.rawValue).map(instrument.unit.partsPerMillion)
        guard value?.isFinite ?? true else { throw ObservationProblem(.notFinite, instrument.gas.rawValue) }
        let uncertainty = try standardUncertainty(instrument)
        let verdict = QualityControl.assess(
            valuePartsPerMillion: value,
            standardUncertaintyPartsPerMillion: uncertainty,
            position: reported,
            state: stateValue,
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
        guard version == nil || version == .number(1) else {
            throw ObservationProblem(.unsupportedVersion, "v must be 1")
        }
    }

    private func readTime(_ received: Instant) throws(ObservationProblem) -> Instant {
        guard case .text(let text) = time else {
            if case .absent = time { throw ObservationProblem(.missingTime, "ts must be a string") }
            throw ObservationProblem(.unreadableTime, "ts must be a string")
        }
        guard let time = Instant(iso8601: text) else {
            let words = String(text.prefix(64))
            let lacksZone = Instant(iso8601: words + "Z") != nil
            throw ObservationProblem(lacksZone ? .timeWithoutZone : .unreadableTime, words)
        }
        guard time.seconds(since: received) <= PayloadDecoder.toleratedLeadSeconds else {
            throw ObservationProblem(.timeInFuture, "\(time)")
        }
        try checkClock(time)
        return time
    }

    /// Continuous measurements of greenhouse gases began in 1957, and a clock that was never set counts from the
    /// epoch of Unix or of GPS.
    private func checkClock(_ time: Instant) throws(ObservationProblem) {
        let civil = time.civil
        guard civil.year >= 1957 else { throw ObservationProblem(.timeTooEarly, "\(time)") }
        let epochs = [(1970, 1, 1), (1980, 1, 6)]
        guard !epochs.contains(where: { $0 == (civil.year, civil.month, civil.day) }) else {
            throw ObservationProblem(.clockNotSet, "\(time)")
        }
    }

    private func readPosition() throws(ObservationProblem) -> ReportedPosition {
        let x = try number(longitude, "gps.lon")
        let y = try number(latitude, "gps.lat")
        let height = try number(altitude, "gps.alt")
        switch (x, y) {
        case (nil, nil): return .absent
        case (let x?, let y?):
            // Receivers without a fix report the point where equator and prime meridian meet.
            if x == 0, y == 0 { return .absent }
            return Position(longitude: x, latitude: y, altitudeMetres: height).map { .at($0) } ?? .impossible
        default: throw ObservationProblem(.halfPosition, "lat and lon go together")
        }
    }

    /// All of the air.
    private static let largestUncertaintyPartsPerMillion = 1e6

    /// What the payload states, or else what the network file declares; nil for an impossible one, zero
    /// included: nothing is measured without error.
    private func standardUncertainty(_ instrument: Instrument) throws(ObservationProblem) -> Double? {
        guard let value = try number(uncertainty(instrument.gas), "u.\(instrument.gas.rawValue)") else {
            return instrument.standardUncertaintyPartsPerMillion
        }
        let uncertainty = instrument.unit.partsPerMillion(value)
        return uncertainty > 0 && uncertainty <= Self.largestUncertaintyPartsPerMillion ? uncertainty : nil
    }

    /// Nil for an absent and for a missing number.
    private func number(_ field: NumberField?, _ name: String) throws(ObservationProblem) -> Double? {
        switch field {
        case .number(let number): return number
        case nil, .missing: return nil
        case .otherKind: throw ObservationProblem(.notANumber, name)
        case .unreadable: throw ObservationProblem(.notFinite, "\(name): no number that a double holds")
        }
    }
}
