import Geo
import Observations
import Quantities

extension ObservationFields {
    /// What the members say, as far as it can be read.
    func observation() throws(ObservationProblem) -> Observation {
        guard version == nil || version == .number(1) else {
            throw ObservationProblem(.unsupportedVersion, "v must be 1")
        }
        if let malformed { throw ObservationProblem(.notAnObject, malformed) }
        let time = try readTime()
        return Observation(
            time: time,
            values: Gas.allCases.compactMap(measuredValue),
            position: try readPosition(),
            conditions: conditions
        )
    }

    private func measuredValue(_ gas: Gas) -> MeasuredValue? {
        guard let field = value(gas) else { return nil }
        do {
            return MeasuredValue(
                gas: gas,
                value: try number(field, gas.rawValue),
                standardUncertainty: try number(uncertainty(gas), "u.\(gas.rawValue)")
            )
        } catch {
            var value = MeasuredValue(gas: gas, value: nil)
            value.problem = error
            return value
        }
    }

    private func readTime() throws(ObservationProblem) -> Instant {
        guard case .text(let text) = time else {
            if case .absent = time { throw ObservationProblem(.missingTime, "ts must be a string") }
            throw ObservationProblem(.unreadableTime, "ts must be a string")
        }
        if let time = Instant(iso8601: text) { return time }
        let words = String(text.prefix(64))
        let lacksZone = Instant(iso8601: words + "Z") != nil
        throw ObservationProblem(lacksZone ? .timeWithoutZone : .unreadableTime, words)
    }

    private func readPosition() throws(ObservationProblem) -> ReportedPosition {
        try ReportedPosition(
            longitude: number(longitude, "gps.lon"),
            latitude: number(latitude, "gps.lat"),
            altitudeMetres: number(altitude, "gps.alt")
        )
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

extension ReportedPosition {
    /// The place that two numbers of a receiver mean.
    init(longitude: Double?, latitude: Double?, altitudeMetres: Double?) throws(ObservationProblem) {
        switch (longitude, latitude) {
        case (nil, nil): self = .absent
        case (let x?, let y?):
            // Receivers without a fix report the point where equator and prime meridian meet.
            if x == 0, y == 0 {
                self = .absent
            } else {
                self =
                    Position(longitude: x, latitude: y, altitudeMetres: altitudeMetres).map { .at($0) }
                    ?? .impossible
            }
        default: throw ObservationProblem(.halfPosition, "lat and lon go together")
        }
    }
}
