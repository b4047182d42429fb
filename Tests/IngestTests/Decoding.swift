import Archive
import Geo
import Ingest
import Observations
import Quantities

private let wideRange = GrossRange(failBelow: 350, suspectBelow: 380, suspectAbove: 1500, failAbove: 3000)

private func instrument(_ gas: Gas, _ unit: MoleFractionUnit, _ limits: [StateLimit] = []) -> Instrument {
    Instrument(
        id: "\(gas.rawValue)-1",
        gas: gas,
        unit: unit,
        scale: gas == .co2 ? .co2X2019 : .ch4X2004A,
        inletHeightMetres: nil,
        grossRange: gas == .co2
            ? wideRange : GrossRange(failBelow: 1, suspectBelow: 1.7, suspectAbove: 10, failAbove: 100),
        standardUncertaintyPartsPerMillion: gas == .co2 ? 0.2 : nil,
        stateLimits: limits
    )
}

private let network: Network = {
    let limits = [StateLimit(quantity: "cp", minimum: 139, maximum: 141)]
    let name = LocalizedName(english: "x")
    return Network(
        id: "net",
        names: name,
        credit: "",
        stations: [
            Station(
                id: "car",
                names: name,
                kind: .vehicle,
                position: nil,
                instruments: [instrument(.co2, .partsPerMillion, limits)]
            ),
            Station(
                id: "tower",
                names: name,
                kind: .fixed,
                position: Position(longitude: 1.13873, latitude: 52.51776, altitudeMetres: 56),
                instruments: [instrument(.co2, .partsPerMillion), instrument(.ch4, .partsPerBillion)]
            ),
        ]
    )
}()

let noon = Instant(CivilTime(year: 2025, month: 3, day: 1, hour: 12))

/// Decodes a payload as if it had come at noon.
func decode(bytes payload: [UInt8], topic: String = "co2/v1/net/tower/obs") -> [DecodedItem] {
    let bytes = Array(topic.utf8) + payload
    let cut = topic.utf8.count
    return PayloadDecoder(networks: [network])
        .decode(bytes, topic: 0..<cut, payload: cut..<bytes.count, received: noon).flatMap(\.items)
}

func decode(_ payload: String, topic: String = "co2/v1/net/tower/obs") -> [DecodedItem] {
    decode(bytes: Array(payload.utf8), topic: topic)
}

func rejections(of items: [DecodedItem]) -> [Rejection] {
    items.compactMap { item -> Rejection? in
        if case .rejection(let rejection) = item { return rejection }
        return nil
    }
}

func readings(_ payload: String, topic: String = "co2/v1/net/tower/obs") -> [Reading] {
    decode(payload, topic: topic).flatMap { item -> [Reading] in
        if case .readings(let readings) = item { return readings }
        return []
    }
}

func reasons(_ payload: String, topic: String = "co2/v1/net/tower/obs") -> [String] {
    rejections(of: decode(payload, topic: topic)).map(\.reason)
}
