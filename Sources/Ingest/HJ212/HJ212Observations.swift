import Geo
import Observations
import Quantities

/// Turns the data area of a frame into observations.
struct HJ212Observations {
    let configuration: HJ212Configuration
    let command: HJ212Command
    /// `MN`.
    let device: String

    /// One for the moment itself, and one for every other moment at which a gas was sampled.
    func observations(of moment: HJ212Content.Moment) throws(ObservationProblem) -> [Observation] {
        guard let text = moment.time else { throw ObservationProblem(.missingTime, "no DataTime") }
        let time = try self.time(text)
        var observations = [
            Observation(
                device: device,
                time: time,
                values: [],
                position: try position(moment),
                conditions: conditions(moment)
            )
        ]
        for (code, factor) in sortedFactors {
            guard case .gas(let gas, let unit) = factor, let value = value(code, gas, unit, moment) else {
                continue
            }
            let sampled = try moment.text(code, "SampleTime").map { text throws(ObservationProblem) in
                try self.time(text)
            }
            let place = observations.firstIndex { $0.time == sampled ?? time }
            if place == nil {
                observations.append(observations[0])
                observations[observations.count - 1].time = sampled ?? time
                observations[observations.count - 1].values = []
            }
            observations[place ?? observations.count - 1].values.append(value)
        }
        if observations.count > 1, observations[0].values.isEmpty { observations.removeFirst() }
        return observations
    }

    /// Whether the area says anything of a gas.
    func hasGas(_ moment: HJ212Content.Moment) -> Bool {
        configuration.factors.contains { code, factor in
            guard case .gas = factor else { return false }
            return moment.text(code, command.valueKind) != nil
        }
    }

    /// So that the same frame always gives the same observation.
    private var sortedFactors: [(key: String, value: HJ212Factor)] {
        configuration.factors.sorted { $0.key < $1.key }
    }

    private func time(_ text: String) throws(ObservationProblem) -> Instant {
        guard let time = Instant(hj212: text, offsetSeconds: configuration.offsetSeconds) else {
            throw ObservationProblem(.unreadableTime, String(text.prefix(32)))
        }
        guard command != .realTime, let interval = configuration.endStampedIntervalSeconds else {
            return time
        }
        return time.advanced(bySeconds: -Double(interval))
    }

    private func value(
        _ code: String,
        _ gas: Gas,
        _ unit: MoleFractionUnit?,
        _ moment: HJ212Content.Moment
    ) -> MeasuredValue? {
        guard let text = moment.text(code, command.valueKind) else { return nil }
        var value = MeasuredValue(
            gas: gas,
            value: hj212Number(text),
            unit: unit,
            verdict: verdict(code, moment)
        )
        if value.value == nil, !text.isEmpty {
            value.problem = ObservationProblem(.notANumber, "\(code): \(text.prefix(32))")
        }
        return value
    }

    private func verdict(_ code: String, _ moment: HJ212Content.Moment) -> QualityVerdict? {
        guard let text = moment.text(code, "Flag") else { return nil }
        return HJ212Flag(text: text)?.verdict ?? HJ212Flag.unknownVerdict
    }

    /// What the logger itself does not vouch for is no condition.
    private func conditions(_ moment: HJ212Content.Moment) -> Conditions {
        var conditions = Conditions()
        for (code, factor) in sortedFactors {
            guard case .condition(let name, let multiplier) = factor, let value = number(code, moment),
                verdict(code, moment)?.flag ?? .good == .good
            else { continue }
            conditions.append(name, value * multiplier)
        }
        return conditions
    }

    /// Coordinates come as `code-Rtd`, `code-Avg` or `code` alone.
    private func number(_ code: String, _ moment: HJ212Content.Moment) -> Double? {
        (moment.text(code, command.valueKind) ?? moment.text(code, "")).flatMap(hj212Number)
    }

    private func position(_ moment: HJ212Content.Moment) throws(ObservationProblem) -> ReportedPosition {
        func number(of factor: HJ212Factor) -> Double? {
            sortedFactors.first { $0.value == factor }.flatMap { self.number($0.key, moment) }
        }
        let stated = try ReportedPosition(
            longitude: number(of: .longitude),
            latitude: number(of: .latitude),
            altitudeMetres: number(of: .altitudeMetres)
        )
        guard case .at(let place) = stated else { return stated }
        let position = configuration.datum.worldPosition(
            longitude: place.longitude,
            latitude: place.latitude,
            altitudeMetres: place.altitudeMetres
        )
        return position.map { .at($0) } ?? .impossible
    }
}
