import Formats
import Geo
import JSON
import Observations
import Quantities

/// The JSON of a device, read where a ``JSONMapping`` says.
struct JSONMappingFormat: PayloadFormat {
    let version = "json-1"
    private let mapping: JSONMapping
    private let json = JSONParser()

    init(_ mapping: JSONMapping) { self.mapping = mapping }

    func decode(_ payload: RawSpan, received: Instant) throws(ObservationProblem) -> DecodedPayload {
        try read(payload, with: json) { root throws(ObservationProblem) in
            let records = try records(of: root)
            let items = records.map { item(MappedRecord($0, root, mapping), received) }
            return DecodedPayload(isBatch: mapping.records != nil || root.kind == .array, items: items)
        }
    }

    private func records(of root: JSONElement) throws(ObservationProblem) -> [JSONElement] {
        guard let path = mapping.records else { return root.kind == .array ? Array(root.children) : [root] }
        guard let records = path.find(in: root) else {
            throw ObservationProblem(.malformed, "no \(path.text)")
        }
        switch records.kind {
        case .array: return Array(records.children)
        case .object: return [records]
        default: throw ObservationProblem(.malformed, "\(path.text) is no array")
        }
    }

    private func item(_ record: MappedRecord, _ received: Instant) -> DecodedPayload.Item {
        let content = Result { () throws(ObservationProblem) in try record.observation(received: received) }
        return DecodedPayload.Item(sequence: record.sequence, content: content)
    }
}

/// One record of a document, with the document around it.
private struct MappedRecord {
    private let record: JSONElement
    private let document: JSONElement
    private let mapping: JSONMapping

    init(_ record: JSONElement, _ document: JSONElement, _ mapping: JSONMapping) {
        self.record = record
        self.document = document
        self.mapping = mapping
    }

    func observation(received: Instant) throws(ObservationProblem) -> Observation {
        guard record.kind == .object || record.kind == .array else { throw ObservationProblem(.notAnObject) }
        var values = ChannelValues()
        for value in mapping.values { try add(value, to: &values) }
        let bottle = try common(mapping.bottle).flatMap { element throws(ObservationProblem) in
            try Ingest.bottle(element)
        }
        var observation = try values.observation(
            device: identifier(common(mapping.device)),
            time: try time(received: received),
            bottle: bottle
        )
        if mapping.position != nil { observation.position = try position() }
        return observation
    }

    var sequence: SequenceNumber? {
        guard let number = common(mapping.sequence)?.wholeNumber else { return nil }
        return SequenceNumber(boot: identifier(common(mapping.boot)) ?? "", number: number)
    }

    /// What the record says, or else the document around it.
    private func common(_ path: JSONPointer?) -> JSONElement? {
        path.flatMap { $0.find(in: record) ?? $0.find(in: document) }
    }

    /// A gas whose path leads nowhere was not measured.
    private func add(
        _ value: JSONMapping.Value,
        to values: inout ChannelValues
    ) throws(ObservationProblem) {
        switch value.source {
        case .constant(let number): values.add(number, value.channel)
        case .path(let path):
            guard let element = path.find(in: record) else { return }
            do {
                let uncertainty = value.uncertainty.flatMap { $0.find(in: record) }
                values.add(
                    try number(element, path),
                    value.channel,
                    uncertainty: try uncertainty.flatMap { element throws(ObservationProblem) in
                        try number(element, value.uncertainty ?? path)
                    }
                )
            } catch {
                try values.add(error, value.channel)
            }
        }
    }

    /// Nil for `null` and for the numbers that stand for it.
    private func number(_ element: JSONElement, _ path: JSONPointer) throws(ObservationProblem) -> Double? {
        let number = try readNumber(element, path.text, readsText: mapping.hasNumbersAsText)
        guard let number, !isMarker(number, among: mapping.missing) else { return nil }
        return number
    }

    private func position() throws(ObservationProblem) -> ReportedPosition {
        guard let place = mapping.position else { return .absent }
        return try ReportedPosition(
            longitude: coordinate(place.longitude),
            latitude: coordinate(place.latitude),
            altitudeMetres: coordinate(place.altitude),
            datum: place.datum
        )
    }

    private func coordinate(_ path: JSONPointer?) throws(ObservationProblem) -> Double? {
        guard let path, let element = common(path) else { return nil }
        return try number(element, path)
    }

    private func time(received: Instant) throws(ObservationProblem) -> Instant {
        guard let path = mapping.timePath else { return received }
        guard let element = common(path), element.kind != .null else {
            throw ObservationProblem(.missingTime, "no \(path.text)")
        }
        switch mapping.time {
        case .receipt: return received
        case .unix(let unit): return try instant(unix: element, unitMicroseconds: unit)
        case .iso8601(let offset): return try local(element, offset)
        case .pattern(let pattern, let offset):
            let text = element.text ?? element.wholeNumber.map { "\($0)" } ?? ""
            if let time = pattern.read(text, offsetSeconds: offset) { return time }
            throw ObservationProblem(.unreadableTime, String(text.prefix(64)))
        }
    }

    private func local(_ element: JSONElement, _ offsetSeconds: Int?) throws(ObservationProblem) -> Instant {
        guard element.kind == .string else {
            throw ObservationProblem(.unreadableTime, "the time must be a string")
        }
        do {
            return try instant(iso8601: element)
        } catch {
            guard error.reason == .timeWithoutZone, let offsetSeconds,
                let time = Instant(iso8601: (element.text ?? "") + "Z")
            else { throw error }
            return time.advanced(bySeconds: Double(-offsetSeconds))
        }
    }
}
