import Formats
import JSON
import Observations
import Quantities

/// Sensor Measurement Lists (RFC 8428) in JSON or CBOR.
///
/// Records of one device and moment are one observation; the base name is what the device is called. A record is found
/// by its whole name or by that without the base name; units `lon` and `lat` mean the position whatever the name. The
/// unit of a record goes before what its channel declares; a number without any is refused. Units are those of RFC
/// 8428 and RFC 8798, and `ppb`. Names that are not listed are passed over.
struct SenMLFormat: PayloadFormat {
    let version: String
    private let isCBOR: Bool
    private let channels: [String: PayloadChannel]
    private let json = JSONParser()

    init(isCBOR: Bool, channels: [String: PayloadChannel]) {
        self.isCBOR = isCBOR
        self.channels = channels
        version = isCBOR ? "senml-cbor-2" : "senml-json-2"
    }

    /// - Parameter received: what relative times are relative to.
    func decode(_ payload: RawSpan, received: Instant) throws(ObservationProblem) -> DecodedPayload {
        let pack = try isCBOR ? senMLFields(cbor: payload) : senMLFields(json: payload, with: json)
        guard !pack.isEmpty else { throw ObservationProblem(.emptyBatch) }
        let records = try resolveSenML(pack, received: received)
        var moments: [SenMLMoment] = []
        var places: [SenMLMoment.Key: Int] = [:]
        for record in records {
            guard let channel = channel(of: record) else { continue }
            let key = SenMLMoment.Key(device: record.device, time: record.time)
            let place = places[key, default: moments.count]
            if place == moments.count {
                places[key] = place
                moments.append(SenMLMoment(key))
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

    private func channel(of record: SenMLRecord) -> PayloadChannel? {
        let named = channels[record.name] ?? channels[record.localName]
        let meaning: PayloadChannel.Meaning
        switch record.unit {
        case "lon": meaning = .longitude
        case "lat": meaning = .latitude
        default: return named
        }
        return named?.meaning == meaning ? named : PayloadChannel(meaning)
    }
}

/// What a pack says of one moment of a device.
private struct SenMLMoment {
    struct Key: Hashable {
        let device: String?
        let time: Instant
    }

    private let key: Key
    private var values = ChannelValues()
    private var problem: ObservationProblem?

    init(_ key: Key) { self.key = key }

    func observation() throws(ObservationProblem) -> Observation {
        if let problem { throw problem }
        return try values.observation(device: key.device, time: key.time)
    }

    mutating func take(_ record: SenMLRecord, _ channel: PayloadChannel) {
        do throws(ObservationProblem) {
            do throws(ObservationProblem) {
                try add(record, channel)
            } catch {
                // A condition in doubt might be the one that tells what the values are worth.
                if case .condition = channel.meaning { throw error }
                try values.add(error, channel)
            }
        } catch {
            if problem == nil { problem = error }
        }
    }

    private mutating func add(_ record: SenMLRecord, _ channel: PayloadChannel) throws(ObservationProblem) {
        guard case .number(let number) = record.value else {
            throw ObservationProblem(.notANumber, record.name)
        }
        guard let unit = record.unit else {
            guard channel.declaresUnit || !Self.needsUnit(channel) else {
                throw ObservationProblem(.missingUnit, record.name)
            }
            return values.add(number, channel)
        }
        try add(number, unit, channel, record.name)
    }

    /// Coordinates but for the altitude have their unit by their name, and conditions of an instrument none.
    private static func needsUnit(_ channel: PayloadChannel) -> Bool {
        switch channel.meaning {
        case .gas, .gasMass, .altitude: true
        case .condition(let name): Conditions.commonNames.contains(name)
        case .longitude, .latitude: false
        }
    }

    /// A number whose unit the record states itself.
    private mutating func add(
        _ number: Double,
        _ unit: String,
        _ channel: PayloadChannel,
        _ name: String
    ) throws(ObservationProblem) {
        switch channel.meaning {
        case .gas(let gas, _), .gasMass(let gas):
            // The unit `/` is a ratio (RFC 8428, 12.1).
            if let stated = MoleFractionUnit(spelling: unit == "/" ? "mol/mol" : unit) {
                return values.add(MeasuredValue(gas: gas, value: number, unit: stated))
            }
        case .condition(let condition):
            guard Conditions.commonNames.contains(condition) else { return values.add(number, channel) }
            if let conversion = Conditions.conversion(of: condition, from: unit) {
                return values.add(conversion(number), PayloadChannel(channel.meaning))
            }
        case .longitude, .latitude:
            if ["lon", "lat", "deg"].contains(unit) { return values.add(number, channel) }
        case .altitude:
            if unit == "m" { return values.add(number, channel) }
        }
        throw ObservationProblem(.unknownUnit, "`\(unit.prefix(32))` of \(name)")
    }
}
