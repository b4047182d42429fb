import Geo
import Observations
import Quantities

/// Turns what a decoder found into readings with their flags, by the same rules for every format.
struct ObservationJudge {
    let station: Station
    /// Of several instruments for one gas the first is meant: the payload does not tell them apart.
    private let instruments: [Instrument]

    init(station: Station) {
        self.station = station
        var instruments: [Instrument] = []
        for instrument in station.instruments where !instruments.contains(where: { $0.gas == instrument.gas })
        {
            instruments.append(instrument)
        }
        self.instruments = instruments
    }

    /// The readings of the gases that the station has an instrument for, in the order of the instruments.
    func readings(
        of observation: Observation,
        received: Instant
    ) throws(ObservationProblem) -> [Reading] {
        var readings: [Reading] = []
        readings.reserveCapacity(min(instruments.count, observation.values.count))
        try forEachReading(of: observation, received: received) { readings.append($0) }
        return readings
    }

    /// The same one by one; what has been given out before an error is not to be used.
    func forEachReading(
        of observation: Observation,
        received: Instant,
        _ body: (Reading) -> Void
    ) throws(ObservationProblem) {
        try checkTime(observation.time, received)
        var isEmpty = true
        for place in instruments.indices {
            let gas = instruments[place].gas
            guard let value = observation.values.first(where: { $0.gas == gas }) else { continue }
            body(try reading(value, instruments[place], observation))
            isEmpty = false
        }
        guard isEmpty else { return }
        let known = station.instruments.map { $0.gas.rawValue }.joined(separator: ", ")
        throw ObservationProblem(.noKnownGas, "the station measures \(known)")
    }

    private func reading(
        _ measured: MeasuredValue,
        _ instrument: Instrument,
        _ observation: Observation
    ) throws(ObservationProblem) -> Reading {
        if let problem = measured.problem { throw problem }
        let unit = measured.unit ?? instrument.unit
        let value = measured.value.map(unit.partsPerMillion)
        guard value?.isFinite ?? true else { throw ObservationProblem(.notFinite, instrument.gas.rawValue) }
        let uncertainty = standardUncertainty(measured.standardUncertainty, unit, instrument)
        var verdict = QualityControl.assess(
            valuePartsPerMillion: value,
            standardUncertaintyPartsPerMillion: uncertainty,
            position: observation.position,
            state: { observation.conditions[$0] },
            station: station,
            instrument: instrument
        )
        if let stated = measured.verdict { verdict = verdict.combined(with: stated) }
        return Reading(
            station: station.id,
            instrument: instrument.id,
            gas: instrument.gas,
            time: observation.time,
            valuePartsPerMillion: value,
            scale: instrument.scale,
            position: place(observation.position),
            standardUncertaintyPartsPerMillion: uncertainty,
            flag: verdict.flag,
            tests: verdict.tests,
            conditions: observation.conditions,
            bottle: observation.bottle
        )
    }

    /// A fixed station is where it was declared to be.
    private func place(_ reported: ReportedPosition) -> Position? {
        if let declared = station.position { return declared }
        if case .at(let position) = reported { return position }
        return nil
    }

    private func checkTime(_ time: Instant, _ received: Instant) throws(ObservationProblem) {
        guard time.seconds(since: received) <= PayloadDecoder.toleratedLeadSeconds else {
            throw ObservationProblem(.timeInFuture, "\(time)")
        }
        try checkClock(time)
    }

    /// Continuous measurements of greenhouse gases began in 1957, and a clock that was never set counts from the
    /// epoch of Unix or of GPS.
    private func checkClock(_ time: Instant) throws(ObservationProblem) {
        guard time < Self.firstUnsuspectedTime else { return }
        let civil = time.civil
        guard civil.year >= 1957 else { throw ObservationProblem(.timeTooEarly, "\(time)") }
        let epochs = [(1970, 1, 1), (1980, 1, 6)]
        guard !epochs.contains(where: { $0 == (civil.year, civil.month, civil.day) }) else {
            throw ObservationProblem(.clockNotSet, "\(time)")
        }
    }

    /// From here on the calendar need not be asked.
    private static let firstUnsuspectedTime = Instant(CivilTime(year: 1980, month: 1, day: 7))

    /// All of the air.
    private static let largestUncertaintyPartsPerMillion = 1e6

    /// What the payload states, or else what the network file declares; nil for an impossible one, zero
    /// included: nothing is measured without error.
    private func standardUncertainty(
        _ stated: Double?,
        _ unit: MoleFractionUnit,
        _ instrument: Instrument
    ) -> Double? {
        guard let stated else { return instrument.standardUncertaintyPartsPerMillion }
        let uncertainty = unit.partsPerMillion(stated)
        return uncertainty > 0 && uncertainty <= Self.largestUncertaintyPartsPerMillion ? uncertainty : nil
    }
}
