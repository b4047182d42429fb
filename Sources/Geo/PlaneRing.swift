/// The corners of a polygon in the plane, in order along its edge, filled again and again.
///
/// The coordinates are called `along` and `across` because the polygon is cut first into rows and then, turned
/// over, into columns. The arrays keep their size, so that cuts allocate nothing; inline arrays would be copied whole,
/// half a kilobyte for each step of a cut.
struct PlaneRing: ~Copyable, Sendable {
    /// A footprint has at most 16 corners; each cut of a convex polygon adds one, of another a few.
    static let capacity = 32

    var along = [Double](repeating: 0, count: capacity)
    var across = [Double](repeating: 0, count: capacity)
    private(set) var count = 0

    mutating func removeAll() { count = 0 }

    /// Corners beyond the capacity, which no cut of a footprint reaches, are left out.
    mutating func append(_ a: Double, _ b: Double) {
        guard count < Self.capacity else { return }
        along[count] = a
        across[count] = b
        count += 1
    }

    /// The area that the corners go round, positive counter-clockwise, relative to the first corner so that far
    /// coordinates cost no digits.
    var signedArea: Double {
        guard count >= 3 else { return 0 }
        let (along, across) = (self.along.span, self.across.span)
        let (originAlong, originAcross) = (along[0], across[0])
        var sum = 0.0
        var (a, b) = (along[1] - originAlong, across[1] - originAcross)
        for corner in 2..<count {
            let (nextA, nextB) = (along[corner] - originAlong, across[corner] - originAcross)
            sum += a * nextB - nextA * b
            (a, b) = (nextA, nextB)
        }
        return sum / 2
    }

    /// Cuts the polygon at a line across: what lies below goes to `low`, the rest to `high`
    /// (Sutherland and Hodgman 1974, CACM 17, 32). Edges that fold back along the line enclose nothing.
    func split(at line: Double, low: inout PlaneRing, high: inout PlaneRing) {
        low.removeAll()
        high.removeAll()
        guard count > 0 else { return }
        let (along, across) = (self.along.span, self.across.span)
        var distance = along[count - 1] - line
        var other = across[count - 1]
        for corner in 0..<count {
            let nextDistance = along[corner] - line
            let nextOther = across[corner]
            if (distance < 0) != (nextDistance < 0) {
                let part = distance / (distance - nextDistance)
                let crossing = other + part * (nextOther - other)
                low.append(line, crossing)
                high.append(line, crossing)
            }
            if nextDistance < 0 {
                low.append(along[corner], nextOther)
            } else {
                high.append(along[corner], nextOther)
            }
            (distance, other) = (nextDistance, nextOther)
        }
    }

    /// Takes the corners of another polygon.
    mutating func copy(_ ring: borrowing PlaneRing) {
        count = ring.count
        let (newAlong, newAcross) = (ring.along.span, ring.across.span)
        for corner in 0..<count {
            along[corner] = newAlong[corner]
            across[corner] = newAcross[corner]
        }
    }

    /// Takes the corners of another polygon with the coordinates exchanged.
    mutating func copyTurned(_ ring: borrowing PlaneRing) {
        count = ring.count
        let (newAlong, newAcross) = (ring.across.span, ring.along.span)
        for corner in 0..<count {
            along[corner] = newAlong[corner]
            across[corner] = newAcross[corner]
        }
    }
}
