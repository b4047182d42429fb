import Formats
import Observations
import Quantities

/// Sensor Measurement Lists (RFC 8428) in JSON or CBOR.
///
/// Records of one moment are one observation. A record is found by its whole name or by that without the base name;
/// units `lon` and `lat` (degrees, WGS 84) mean the position whatever the name. Units are those of RFC 8428 and RFC
/// 8798, and `ppb`; a mole fraction without unit is refused. Names that are not listed are passed over.
struct SenMLFormat: PayloadFormat {
    /// What a name stands for.
    enum Channel: Equatable, Sendable {
        case gas(Gas)
        /// A name of ``Conditions``; numbers of other names are taken as they are.
        case condition(String)
        case longitude
        case latitude
        case altitude
    }

    let version = "senml-1"
    private let isCBOR: Bool
    private let channels: [String: Channel]

    init(isCBOR: Bool, channels: [String: Channel]) {
        self.isCBOR = isCBOR
        self.channels = channels
    }

    func decode(_ payload: RawSpan) throws(ObservationProblem) -> DecodedPayload {
        try decode(payload, received: .now())
    }

    /// - Parameter received: what relative times are relative to.
    func decode(_ payload: RawSpan, received: Instant) throws(ObservationProblem) -> DecodedPayload {
        let pack = try isCBOR ? senMLFields(cbor: payload) : senMLFields(json: payload)
        guard !pack.isEmpty else { throw ObservationProblem(.emptyBatch) }
        let records = try resolveSenML(pack, received: received)
        var moments: [SenMLMoment] = []
        var places: [Instant: Int] = [:]
        for record in records {
            guard let channel = channel(of: record) else { continue }
            let place = places[record.time, default: moments.count]
            if place == moments.count {
                places[record.time] = place
                moments.append(SenMLMoment(time: record.time))
            }
            moments[place].take(record, channel)
        }
        guard !moments.isEmpty else {
            let names = Set(records.map { $0.name }).sorted().prefix(4).joined(separator: ", ")
            throw ObservationProblem(.noKnownGas, "none of the names is known: \(names)")
        }
        return DecodedPayload(
            isBatch: true,
            items: moments.map { moment in
                DecodedPayload.Item(
                    content: Result { () throws(ObservationProblem) in try moment.observation() }
                )
            }
        )
    }

    private func channel(of record: SenMLRecord) -> Channel? {
        switch record.unit {
        case "lon": .longitude
        case "lat": .latitude
        default: channels[record.name] ?? channels[record.localName]
        }
    }
}

/// What a pack says of one moment.
private struct SenMLMoment {
    let time: Instant
    private var values: [MeasuredValue] = []
    private var conditions = Conditions()
    private var longitude: Double?
    private var latitude: Double?
    private var altitude: Double?
    private var problem: ObservationProblem?

    init(time: Instant) { self.time = time }

    func observation() throws(ObservationProblem) -> Observation {
        if let problem { throw problem }
        return Observation(
            time: time,
            values: values,
            position: try ReportedPosition(
                longitude: longitude,
                latitude: latitude,
                altitudeMetres: altitude
            ),
            conditions: conditions
        )
    }

    mutating func take(_ record: SenMLRecord, _ channel: SenMLFormat.Channel) {
        do throws(ObservationProblem) {
            switch channel {
            case .gas(let gas): values.append(Self.value(of: gas, record))
            case .condition(let name): conditions.append(name, try Self.condition(name, record))
            case .longitude: longitude = try Self.number(record)
            case .latitude: latitude = try Self.number(record)
            case .altitude:
                guard record.unit == "m" else { throw Self.unitProblem(record) }
                altitude = try Self.number(record)
            }
        } catch {
            // An observation of which a part cannot be read is refused: the part might be its place.
            if problem == nil { problem = error }
        }
    }

    private static func value(of gas: Gas, _ record: SenMLRecord) -> MeasuredValue {
        // The unit `/` is a ratio (RFC 8428, 12.1).
        let spelling = record.unit == "/" ? "mol/mol" : record.unit
        do throws(ObservationProblem) {
            let number = try number(record)
            guard let spelling, let unit = MoleFractionUnit(spelling: spelling) else {
                throw unitProblem(record)
            }
            return MeasuredValue(gas: gas, value: number, unit: unit)
        } catch {
            var value = MeasuredValue(gas: gas, value: nil)
            value.problem = error
            return value
        }
    }

    private static func condition(
        _ name: String,
        _ record: SenMLRecord
    ) throws(ObservationProblem) -> Double {
        let number = try number(record)
        guard Conditions.commonNames.contains(name) else { return number }
        guard let unit = record.unit, let conversion = Conditions.conversion(of: name, from: unit) else {
            throw unitProblem(record)
        }
        return conversion(number)
    }

    private static func number(_ record: SenMLRecord) throws(ObservationProblem) -> Double {
        guard case .number(let number) = record.value else {
            throw ObservationProblem(.notANumber, record.name)
        }
        return number
    }

    private static func unitProblem(_ record: SenMLRecord) -> ObservationProblem {
        guard let unit = record.unit else { return ObservationProblem(.missingUnit, record.name) }
        return ObservationProblem(.unknownUnit, "`\(unit.prefix(32))` of \(record.name)")
    }
}
