import Geo
public import Observations
public import Quantities
public import Transport

/// The receptors of the fixed stations of a network over a time.
public struct NetworkReceptors: Sendable {
    /// By time, then in the order of the stations; each a mean over its step, named `station` or, where a station has
    /// inlets at several heights, `station-60m`.
    public let receptors: [Receptor]
    /// Stations that have none, and why.
    public let passedOver: [(station: String, absence: Absence)]

    /// Why a station has no receptor.
    public enum Absence: Sendable, Equatable {
        case noPlace
        case noInletHeight
    }

    /// - Parameters:
    ///   - period: the first mean begins at its start; one that would end behind its end is left out.
    ///   - stepSeconds: length of a mean; positive.
    ///   - stations: ids of those wanted; nil for all.
    /// - Throws: ``ReceptorListError`` for an id that the network does not have, and where nothing is left.
    public init(
        of network: Network,
        file: String,
        over period: Period,
        stepSeconds: Double = 3600,
        stations wanted: [String]? = nil
    ) throws(ReceptorListError) {
        let known = network.stations.map(\.id)
        if let unknown = wanted?.first(where: { !known.contains($0) }) {
            let near = nearest(to: unknown, among: known).map { ", did you mean `\($0)`?" } ?? ""
            throw ReceptorListError(reason: "the network has no station `\(unknown)`\(near)", file: file)
        }
        var places: [(name: String, longitude: Double, latitude: Double, height: Double)] = []
        var passedOver: [(station: String, absence: Absence)] = []
        for station in network.stations where wanted?.contains(station.id) ?? true {
            let heights = Set(station.instruments.compactMap(\.inletHeightMetres)).sorted()
            guard let position = station.position, !heights.isEmpty else {
                passedOver.append((station.id, station.position == nil ? .noPlace : .noInletHeight))
                continue
            }
            for height in heights {
                let name = heights.count > 1 ? "\(station.id)-\(Self.text(height))m" : station.id
                places.append((name, position.longitude, position.latitude, height))
            }
        }
        let steps = stepSeconds > 0 ? period.seconds / stepSeconds : 0
        guard steps * Double(places.count) <= 1e6, let count = Int(exactly: steps.rounded(.down)), count > 0,
            !places.isEmpty
        else {
            let reason =
                places.isEmpty
                ? "no station has a place and an inlet height"
                : "the time holds no step, or more than a million"
            throw ReceptorListError(reason: reason, file: file)
        }
        receptors = (0..<count).flatMap { step in
            places.map { place in
                Receptor.inlet(
                    name: place.name,
                    time: period.start.advanced(bySeconds: Double(step) * stepSeconds),
                    longitude: place.longitude,
                    latitude: place.latitude,
                    heightMetres: place.height,
                    averagingSeconds: stepSeconds
                )
            }
        }
        self.passedOver = passedOver
    }

    private static func text(_ metres: Double) -> String {
        Int(exactly: metres).map { "\($0)" } ?? "\(metres)"
    }
}
