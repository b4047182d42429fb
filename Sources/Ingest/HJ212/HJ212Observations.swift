import Formats
import Geo
import Observations
import Quantities

/// Turns the data area of a frame into observations.
struct HJ212Observations {
    let description: HJ212Description
    /// Of the description, in the order of their codes, so that the same frame always gives the same observation.
    let channels: [(code: String, channel: PayloadChannel)]
    let command: HJ212Command
    /// `MN`.
    let device: String

    /// One for the moment itself, and one for every other moment at which a gas was sampled.
    func observations(of moment: HJ212Content.Moment) throws(ObservationProblem) -> [Observation] {
        guard let text = moment.time else { throw ObservationProblem(.missingTime, "no DataTime") }
        let time = try self.time(text)
        let surroundings = try surroundings(moment)
        var groups = [(time: time, values: surroundings)]
        for (code, channel) in channels where channel.meaning.gas != nil {
            guard let text = moment.text(code, command.valueKind) else { continue }
            let sampled = try moment.text(code, "SampleTime").map { text throws(ObservationProblem) in
                try self.time(text)
            }
            var place = groups.firstIndex { $0.time == sampled ?? time }
            if place == nil {
                place = groups.count
                groups.append((sampled ?? time, surroundings))
            }
            try add(text, code, channel, moment, to: &groups[place ?? 0].values)
        }
        if groups.count > 1, !groups[0].values.hasGas { groups.removeFirst() }
        let datum = description.datum == .wgs84 ? nil : description.datum
        return try groups.map { group throws(ObservationProblem) in
            try group.values.observation(device: device, time: group.time, datum: datum)
        }
    }

    /// Whether the area says anything of a gas.
    func hasGas(_ moment: HJ212Content.Moment) -> Bool {
        channels.contains { code, channel in
            channel.meaning.gas != nil && moment.text(code, command.valueKind) != nil
        }
    }

    private func time(_ text: String) throws(ObservationProblem) -> Instant {
        guard let time = Instant(hj212: text, offsetSeconds: description.offsetSeconds) else {
            throw ObservationProblem(.unreadableTime, String(text.prefix(32)))
        }
        guard command != .realTime, let interval = description.endStampedIntervalSeconds else {
            return time
        }
        return time.advanced(bySeconds: -Double(interval))
    }

    private func add(
        _ text: String,
        _ code: String,
        _ channel: PayloadChannel,
        _ moment: HJ212Content.Moment,
        to values: inout ChannelValues
    ) throws(ObservationProblem) {
        let number = hj212Number(text)
        guard number != nil || text.isEmpty else {
            return try values.add(ObservationProblem(.notANumber, "\(code): \(text.prefix(32))"), channel)
        }
        values.add(number.flatMap(present), channel, verdict: verdict(code, moment))
    }

    /// Nil for the numbers that stand for none.
    private func present(_ number: Double) -> Double? {
        isMarker(number, among: description.missing) ? nil : number
    }

    private func verdict(_ code: String, _ moment: HJ212Content.Moment) -> QualityVerdict? {
        guard let text = moment.text(code, "Flag") else { return nil }
        return HJ212Flag(text: text)?.verdict ?? HJ212Flag.unknownVerdict
    }

    /// Weather and place. What the logger itself does not vouch for is no condition.
    private func surroundings(_ moment: HJ212Content.Moment) throws(ObservationProblem) -> ChannelValues {
        var values = ChannelValues()
        for (code, channel) in channels where channel.meaning.gas == nil {
            // Coordinates come as `code-Rtd`, `code-Avg` or `code` alone.
            guard let text = moment.text(code, command.valueKind) ?? moment.text(code, ""),
                let number = hj212Number(text).flatMap(present)
            else { continue }
            if case .condition = channel.meaning, verdict(code, moment)?.flag ?? .good != .good { continue }
            values.add(number, channel)
        }
        return values
    }
}

extension HJ212Command {
    /// The ending of the keys with the value: instantaneous, or the mean.
    fileprivate var valueKind: String { self == .realTime ? "Rtd" : "Avg" }
}
