/// A side of a domain of longitude and latitude.
public enum BoundaryFace: String, CaseIterable, Hashable, Sendable {
    case north, east, south, west

    /// Whether the face runs along a parallel, so that its places differ in longitude.
    public var runsAlongLongitude: Bool { self == .north || self == .south }
}

/// The cells of a face: heights by places along it. Arrays over it hold heights x places, lowest first.
public struct BoundaryFaceCells: Hashable, Sendable {
    /// Middles of the layers, m above ground, ascending.
    public let heightMetres: [Double]
    /// Centres, degrees of longitude or latitude, ascending.
    public let places: [Double]

    /// - Throws: ``FootprintFault/badCurtain(_:)`` for axes that are empty or do not ascend.
    public init(heightMetres: [Double], places: [Double]) throws(FootprintFault) {
        for (name, axis) in [("heights", heightMetres), ("places", places)] {
            guard !axis.isEmpty, axis.allSatisfy(\.isFinite) else { throw .badCurtain("no \(name)") }
            guard zip(axis, axis.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw .badCurtain("its \(name) do not ascend")
            }
        }
        self.heightMetres = heightMetres
        self.places = places
    }

    public var count: Int { heightMetres.count * places.count }

    /// The cell nearest to a place. Above the highest and below the lowest layer stands that layer; beside the places
    /// nil from one step on.
    func cell(height: Double, place: Double, circle: Double?) -> Int? {
        let step = places.count > 1 ? (places[places.count - 1] - places[0]) / Double(places.count - 1) : 360
        var place = place
        if let circle {
            let middle = (places[0] + places[places.count - 1]) / 2
            place -= circle * ((place - middle) / circle).rounded()
        }
        guard place >= places[0] - step, place <= places[places.count - 1] + step else { return nil }
        return Self.nearest(heightMetres, height) * places.count + Self.nearest(places, place)
    }

    private static func nearest(_ axis: [Double], _ value: Double) -> Int {
        var (low, high) = (0, axis.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if value > (axis[middle] + axis[middle + 1]) / 2 { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
