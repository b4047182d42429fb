public import Geo
public import Quantities

/// Mole fractions of the air that enters a domain through its four sides, by height, place and time.
public struct BoundaryCurtain: Sendable {
    public struct Face: Sendable {
        public let cells: BoundaryFaceCells
        /// ppm, times x heights x places; NaN where none is known.
        public let partsPerMillion: [Double]

        public init(cells: BoundaryFaceCells, partsPerMillion: [Double]) {
            self.cells = cells
            self.partsPerMillion = partsPerMillion
        }
    }

    /// Ascending. Each value stands from its time to the next; the last for as long as the one before it. One that is
    /// alone stands for all times, as a mean.
    public let times: [Instant]
    public let faces: [BoundaryFace: Face]

    /// - Throws: ``FootprintFault/badCurtain(_:)`` for times that do not ascend, a missing face and arrays that do not
    ///   fit.
    public init(times: [Instant], faces: [BoundaryFace: Face]) throws(FootprintFault) {
        guard !times.isEmpty, zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .badCurtain("its times do not ascend")
        }
        for side in BoundaryFace.allCases {
            guard let face = faces[side] else { throw .badCurtain("no \(side.rawValue) face") }
            guard face.partsPerMillion.count == times.count * face.cells.count else {
                throw .badCurtain("\(face.partsPerMillion.count) values of the \(side.rawValue) face")
            }
        }
        self.times = times
        self.faces = faces
    }

    /// The times it stands for; nil for one that stands for all.
    public var span: (start: Instant, end: Instant)? {
        guard times.count > 1 else { return nil }
        let last = times[times.count - 1]
        return (times[0], last.advanced(bySeconds: last.seconds(since: times[times.count - 2])))
    }

    /// Degrees between the places along the sides: longitude and latitude; 0 for a single place.
    public var stepDegrees: SIMD2<Double> {
        SIMD2(Self.step(faces[.north]?.cells.places), Self.step(faces[.east]?.cells.places))
    }

    /// The box whose sides the places run along; nil for one that is none.
    public var domain: BoundingBox? {
        guard let across = faces[.north]?.cells.places, let along = faces[.east]?.cells.places,
            let west = across.first, let east = across.last, let south = along.first, let north = along.last
        else { return nil }
        let half = stepDegrees / 2
        return BoundingBox(
            west: west - half.x,
            south: max(-90, south - half.y),
            east: east + half.x,
            north: min(90, north + half.y)
        )
    }

    private static func step(_ places: [Double]?) -> Double {
        guard let places, places.count > 1 else { return 0 }
        return (places[places.count - 1] - places[0]) / Double(places.count - 1)
    }

    /// The step in force; nil before the first and after the end of the last.
    func step(at instant: Instant) -> Int? {
        if times.count == 1 { return 0 }
        guard let next = times.firstIndex(where: { $0 > instant }) else { return lastStep(at: instant) }
        return next > 0 ? next - 1 : nil
    }

    private func lastStep(at instant: Instant) -> Int? {
        let length = times[times.count - 1].seconds(since: times[times.count - 2])
        return instant.seconds(since: times[times.count - 1]) < length ? times.count - 1 : nil
    }

    /// ppm; NaN where none is known.
    func value(_ side: BoundaryFace, step: Int, height: Double, place: Double) -> Double {
        guard let face = faces[side] else { return .nan }
        let circle = side.runsAlongLongitude ? 360.0 : nil
        guard let cell = face.cells.cell(height: height, place: place, circle: circle) else { return .nan }
        return face.partsPerMillion[step * face.cells.count + cell]
    }
}
