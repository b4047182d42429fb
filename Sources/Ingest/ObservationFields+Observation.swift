import Geo
import JSON
import Observations
import Quantities

extension ObservationFields {
    /// What the members say, as far as it can be read.
    func observation() throws(ObservationProblem) -> Observation {
        guard members[.version].map({ $0.number == 1 }) ?? true else {
            throw ObservationProblem(.unsupportedVersion, "v must be 1")
        }
        if let malformed { throw ObservationProblem(.notAnObject, malformed) }
        return Observation(
            time: try readTime(),
            values: values,
            position: try readPosition(),
            conditions: conditions,
            bottle: try readBottle()
        )
    }

    private var values: [MeasuredValue] {
        let uncertainties = ObservationMembers(members[.uncertainties])
        var values: [MeasuredValue] = []
        for gas in Gas.allCases {
            let member = Member(gas)
            if let element = members[member] { values.append(measured(gas, element, uncertainties[member])) }
        }
        return values
    }

    private func measured(_ gas: Gas, _ value: JSONElement, _ uncertainty: JSONElement?) -> MeasuredValue {
        do {
            return MeasuredValue(
                gas: gas,
                value: try number(value, gas.rawValue),
                standardUncertainty: try number(uncertainty, "u.\(gas.rawValue)")
            )
        } catch {
            var value = MeasuredValue(gas: gas, value: nil)
            value.problem = error
            return value
        }
    }

    private func readTime() throws(ObservationProblem) -> Instant {
        guard let element = members[.time] else {
            throw ObservationProblem(.missingTime, "the key ts is missing")
        }
        guard element.kind == .string else {
            throw ObservationProblem(.unreadableTime, "ts must be a string")
        }
        return try instant(iso8601: element)
    }

    private func readPosition() throws(ObservationProblem) -> ReportedPosition {
        try ReportedPosition(
            longitude: number(fix[.longitude], "gps.lon"),
            latitude: number(fix[.latitude], "gps.lat"),
            altitudeMetres: number(fix[.altitude], "gps.alt")
        )
    }

    /// A bottle that cannot be read is refused: its gas must not pass for air.
    private func readBottle() throws(ObservationProblem) -> String? {
        let calibration = ObservationMembers(members[.calibration])
        guard let element = calibration[.bottle] ?? members[.bottle] else { return nil }
        return try bottle(element)
    }

    /// Nil for an absent and for a missing number.
    private func number(
        _ element: JSONElement?,
        _ name: @autoclosure () -> String
    ) throws(ObservationProblem) -> Double? {
        guard let element else { return nil }
        return try readNumber(element, name)
    }
}

/// Nil for `null`.
func readNumber(_ element: JSONElement, _ name: () -> String) throws(ObservationProblem) -> Double? {
    switch NumberField(element) {
    case .number(let number): return number
    case .missing: return nil
    case .otherKind: throw ObservationProblem(.notANumber, name())
    case .unreadable: throw ObservationProblem(.notFinite, "\(name()): no number that a double holds")
    }
}

/// The moment that a string names in ISO 8601 with zone.
func instant(iso8601 element: JSONElement) throws(ObservationProblem) -> Instant {
    if let time = element.withText({ Instant(iso8601: $0) }) { return time }
    let words = String((element.text ?? "").prefix(64))
    let lacksZone = Instant(iso8601: words + "Z") != nil
    throw ObservationProblem(lacksZone ? .timeWithoutZone : .unreadableTime, words)
}

/// The identifier of a bottle: a string, or a whole number. Nil for `null` and for an empty string, which mean air.
func bottle(_ element: JSONElement) throws(ObservationProblem) -> String? {
    switch element.kind {
    case .null: return nil
    case .string:
        let text = element.text ?? ""
        guard text.utf8.count <= 64 else { throw ObservationProblem(.malformed, "bottle: too long") }
        return text.isEmpty ? nil : text
    default:
        guard let number = element.wholeNumber else {
            throw ObservationProblem(.malformed, "bottle: neither a text nor a whole number")
        }
        return String(number)
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
