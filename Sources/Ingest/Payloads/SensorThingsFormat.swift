import Formats
import JSON
import Observations
import Quantities

/// What a device publishes to create observations by OGC SensorThings 1.1 (part 1, 14.2): the body of one
/// Observation, an array of them, or DataArrays (13), each with its datastream.
///
/// `phenomenonTime` is a moment or an interval, whose start counts; without it `resultTime` does. A moving platform
/// puts its place into the `FeatureOfInterest` of each observation, as a GeoJSON point. What stands under `parameters`
/// counts as a condition where it is a number with the name of one.
struct SensorThingsFormat: PayloadFormat {
    let version = "sensorthings-1"
    private let channels: [String: PayloadChannel]
    /// That of the topic; a datastream named in the body goes before it.
    private let datastream: String?
    private let json = JSONParser()

    init(channels: [String: PayloadChannel], datastream: String?) {
        self.channels = channels
        self.datastream = datastream
    }

    func decode(_ payload: RawSpan) throws(ObservationProblem) -> DecodedPayload {
        try read(payload, with: json) { root throws(ObservationProblem) in
            guard root.kind == .array else {
                if root[Name.dataArray] != nil { return DecodedPayload(isBatch: true, items: rows(of: root)) }
                return DecodedPayload(isBatch: false, items: [item(root)])
            }
            var items: [DecodedPayload.Item] = []
            for element in root.children {
                if element[Name.dataArray] != nil {
                    items += rows(of: element)
                } else {
                    items.append(item(element))
                }
            }
            return DecodedPayload(isBatch: true, items: items)
        }
    }

    private func item(_ element: JSONElement) -> DecodedPayload.Item {
        DecodedPayload.Item(
            content: Result { () throws(ObservationProblem) in
                guard element.kind == .object else { throw ObservationProblem(.notAnObject) }
                return try observation({ element[$0] }, datastream(of: element))
            }
        )
    }

    /// Each row of a DataArray is an observation; a row that cannot be one is refused alone.
    private func rows(of element: JSONElement) -> [DecodedPayload.Item] {
        var columns: [JSONName] = []
        for component in element[Name.components]?.children ?? element.noChildren {
            columns.append(JSONName(component.text ?? ""))
        }
        guard let rows = element[Name.dataArray], rows.kind == .array, !columns.isEmpty else {
            let problem = ObservationProblem(.malformed, "a DataArray needs `components` and `dataArray`")
            return [DecodedPayload.Item(content: .failure(problem))]
        }
        let stream = datastream(of: element)
        return rows.children.map { row in
            let cells = Array(row.children)
            let content = Result { () throws(ObservationProblem) in
                guard cells.count == columns.count else {
                    throw ObservationProblem(.malformed, "a row of \(cells.count), not \(columns.count)")
                }
                return try observation({ name in columns.firstIndex(of: name).map { cells[$0] } }, stream)
            }
            return DecodedPayload.Item(content: content)
        }
    }

    private func datastream(of element: JSONElement) -> String? {
        identifier(element[Name.datastream]?[Name.identifier]) ?? datastream
    }

    private func observation(
        _ member: (JSONName) -> JSONElement?,
        _ stream: String?
    ) throws(ObservationProblem) -> Observation {
        guard let stream else { throw ObservationProblem(.malformed, "no Datastream") }
        guard let channel = channels[stream] else {
            throw ObservationProblem(.unknownDevice, "datastream \(stream)")
        }
        guard let result = member(Name.result) else { throw ObservationProblem(.malformed, "no result") }
        var values = ChannelValues()
        try values.add(result, channel, name: "result", readsText: false)
        for parameter in member(Name.parameters)?.children ?? result.noChildren {
            guard let number = parameter.number, Conditions.commonNames.contains(parameter.name) else {
                continue
            }
            values.add(number, PayloadChannel(.condition(parameter.name)))
        }
        try addPlace(of: member, to: &values)
        return try values.observation(device: stream, time: try time(member))
    }

    private func time(_ member: (JSONName) -> JSONElement?) throws(ObservationProblem) -> Instant {
        let stated = [Name.phenomenonTime, Name.resultTime].lazy.compactMap(member).first { $0.kind != .null }
        guard let stated else {
            throw ObservationProblem(.missingTime, "neither phenomenonTime nor resultTime")
        }
        guard let text = stated.text else { throw ObservationProblem(.unreadableTime, "a time is a string") }
        guard let slash = text.firstIndex(of: "/") else { return try instant(iso8601: stated) }
        guard let start = Instant(iso8601: text[..<slash]),
            let end = Instant(iso8601: text[text.index(after: slash)...]), start <= end
        else { throw ObservationProblem(.unreadableTime, String(text.prefix(64))) }
        return start
    }

    private func addPlace(
        of member: (JSONName) -> JSONElement?,
        to values: inout ChannelValues
    ) throws(ObservationProblem) {
        guard var feature = member(Name.featureOfInterest)?[Name.feature] else { return }
        // A GeoJSON Feature wraps its geometry.
        if let geometry = feature[Name.geometry] { feature = geometry }
        guard feature[Name.kind]?.text == "Point", let coordinates = feature[Name.coordinates] else { return }
        let channels: [PayloadChannel] = [.init(.longitude), .init(.latitude), .init(.altitude)]
        for (coordinate, channel) in zip(coordinates.children, channels) {
            try values.add(coordinate, channel, name: "coordinates", readsText: false)
        }
    }

    private enum Name {
        static let result: JSONName = "result"
        static let phenomenonTime: JSONName = "phenomenonTime"
        static let resultTime: JSONName = "resultTime"
        static let parameters: JSONName = "parameters"
        static let datastream: JSONName = "Datastream"
        static let identifier: JSONName = "@iot.id"
        static let components: JSONName = "components"
        static let dataArray: JSONName = "dataArray"
        static let featureOfInterest: JSONName = "FeatureOfInterest"
        static let feature: JSONName = "feature"
        static let geometry: JSONName = "geometry"
        static let kind: JSONName = "type"
        static let coordinates: JSONName = "coordinates"
    }
}
