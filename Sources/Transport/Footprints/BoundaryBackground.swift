public import Geo

/// The mole fraction that the air of a receptor brought into the domain, with its parts by side and height.
public struct BoundaryBackground: Equatable, Sendable {
    /// A column of a state that scales or shifts the boundary.
    public struct Part: Equatable, Sendable {
        public let face: BoundaryFace
        /// m above ground, the upper bound excluded.
        public let heightMetres: Range<Double>
        /// ppm: the response to a scale factor of this part.
        public let partsPerMillion: Double
        /// Part of the particles: the response to a shift by 1 ppm.
        public let share: Double

        /// e.g. `north`, or `north 0-3000 m` for one band of several.
        public var name: String {
            guard heightMetres != BoundaryBackground.allHeights else { return face.rawValue }
            let (low, high) = (heightMetres.lowerBound, heightMetres.upperBound)
            if high == .infinity { return "\(face.rawValue) above \(Self.number(low)) m" }
            return "\(face.rawValue) \(Self.number(max(0, low)))-\(Self.number(high)) m"
        }

        private static func number(_ metres: Double) -> String {
            Int(exactly: metres).map(String.init) ?? String(metres)
        }
    }

    static let allHeights = -Double.infinity..<Double.infinity

    /// North, east, south, west; each from the lowest band up.
    public let parts: [Part]
    /// Part of the particles that reached the boundary, whether a mole fraction is known there or not.
    public let closure: Double
    /// Part of the particles at the boundary without a known mole fraction; in no part.
    public let missingShare: Double

    /// Sum of the parts, ppm: too low by as much as ``closure`` is below 1.
    public var partsPerMillion: Double { parts.reduce(0) { $0 + $1.partsPerMillion } }

    /// The mean of what reached the boundary, ppm: the background where the particles still inside are no different.
    /// NaN where none has reached it.
    public var meanPartsPerMillion: Double {
        partsPerMillion / parts.reduce(0) { $0 + $1.share }
    }
}

extension BoundaryCurtain {
    /// The background of a receptor from the curtain in force at its time.
    ///
    /// - Parameters:
    ///   - bandTops: heights, m, that part the columns of each side; ascending.
    ///   - missing: what happens where the curtain has no value.
    /// - Throws: ``FootprintFault/missingBoundary(receptor:share:)`` where that is refused.
    public func background(
        _ sensitivity: BoundarySensitivity,
        bandTops: [Double] = [],
        missing: FootprintOperator.Missing = .refused
    ) throws(FootprintFault) -> BoundaryBackground {
        var sums = BandSums(tops: bandTops)
        let step = self.step(at: sensitivity.time)
        for side in BoundaryFace.allCases {
            guard let face = sensitivity.faces[side] else { continue }
            let places = face.cells.places
            for (cell, share) in face.shares.enumerated() where share != 0 {
                let height = face.cells.heightMetres[cell / places.count]
                let place = places[cell % places.count]
                let found = step.map { value(side, step: $0, height: height, place: place) }
                sums.add(side, height, share, found ?? .nan)
            }
        }
        return try sums.background(sensitivity.receptor, missing)
    }

    /// The background of a receptor from its particles, each with the curtain in force when it left the domain.
    ///
    /// - Throws: as above, and ``FootprintFault/badCurtain(_:)`` for particles without a weight.
    public func background(
        receptor: String,
        particles: [EdgeParticle],
        domain: BoundingBox,
        bandTops: [Double] = [],
        missing: FootprintOperator.Missing = .refused
    ) throws(FootprintFault) -> BoundaryBackground {
        let total = particles.reduce(0) { $0 + $1.weight }
        guard total > 0, total.isFinite else {
            throw .badCurtain("the particles of \(receptor) have no weight")
        }
        var sums = BandSums(tops: bandTops)
        for particle in particles where particle.leftDomain {
            let side = domain.face(nearest: particle)
            let place = side.runsAlongLongitude ? particle.longitude : particle.latitude
            let found = step(at: particle.instant).map {
                value(side, step: $0, height: particle.heightMetres, place: place)
            }
            sums.add(side, particle.heightMetres, particle.weight / total, found ?? .nan)
        }
        return try sums.background(receptor, missing)
    }
}

private struct BandSums {
    private let tops: [Double]
    private var moleFractions: [Double]
    private var shares: [Double]
    private var closure = 0.0
    private var lost = 0.0

    init(tops: [Double]) {
        self.tops = tops.sorted()
        let count = BoundaryFace.allCases.count * (tops.count + 1)
        moleFractions = [Double](repeating: 0, count: count)
        shares = moleFractions
    }

    mutating func add(_ side: BoundaryFace, _ height: Double, _ share: Double, _ value: Double) {
        closure += share
        guard value.isFinite, let number = BoundaryFace.allCases.firstIndex(of: side) else {
            lost += share
            return
        }
        let band = tops.firstIndex { height < $0 } ?? tops.count
        moleFractions[number * (tops.count + 1) + band] += share * value
        shares[number * (tops.count + 1) + band] += share
    }

    func background(_ receptor: String, _ missing: FootprintOperator.Missing) throws(FootprintFault)
        -> BoundaryBackground
    {
        if missing == .refused, lost > 0 { throw .missingBoundary(receptor: receptor, share: lost / closure) }
        var parts: [BoundaryBackground.Part] = []
        let bounds = [-Double.infinity] + tops + [.infinity]
        for side in BoundaryFace.allCases {
            for band in 0...tops.count {
                let index = parts.count
                parts.append(
                    BoundaryBackground.Part(
                        face: side,
                        heightMetres: bounds[band]..<bounds[band + 1],
                        partsPerMillion: moleFractions[index],
                        share: shares[index]
                    )
                )
            }
        }
        return BoundaryBackground(
            parts: parts,
            closure: closure,
            missingShare: closure > 0 ? lost / closure : 0
        )
    }
}
