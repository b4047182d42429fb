import Observations

extension SoundingFile {
    /// Corners in the producer's order, `accepted x 4`; crossed ones of products that write them so are put in order.
    func corners(_ rows: Range<Int>, _ accepted: [Int]) throws -> ([Double], [Double]) {
        guard let longitudes = resolved.variables[.cornerLongitudes],
            let latitudes = resolved.variables[.cornerLatitudes]
        else { return ([], []) }
        var x = try reader.doubles(longitudes, rows, at: accepted)
        var y = try reader.doubles(latitudes, rows, at: accepted)
        guard resolved.family.mayHaveCrossedCorners else { return (x, y) }
        for start in stride(from: 0, to: x.count, by: 4) {
            let corners = start..<(start + 4)
            guard CornerOrder.isCrossed(Array(x[corners]), Array(y[corners])) else { continue }
            x.replaceSubrange(corners, with: CornerOrder.uncrossed(Array(x[corners])))
            y.replaceSubrange(corners, with: CornerOrder.uncrossed(Array(y[corners])))
        }
        return (x, y)
    }

    /// From 1; of a swath the place in the line.
    func footprints(_ rows: Range<Int>, _ accepted: [Int]) throws -> [UInt16] {
        if let variable = resolved.variables[.footprint] {
            let values = try reader.integers(variable, rows)
            let missing = Set(variable.declaredMissing)
            return accepted.map {
                missing.contains(Double(values[$0])) ? 0 : UInt16(exactly: values[$0]) ?? 0
            }
        }
        let pixels = resolved.layout.pixels
        guard resolved.layout.isSwath, pixels < 1 << 16 else { return [] }
        return accepted.map { UInt16((rows.lowerBound + $0) % pixels + 1) }
    }

    func surfaces(_ rows: Range<Int>, _ accepted: [Int]) throws -> [SurfaceKind] {
        guard let variable = resolved.variables[.surface] else { return [] }
        if case .landPercent = resolved.family.surfaceCode {
            let percent = try reader.doubles(variable, rows)
            return accepted.map { Self.surface(landPercent: percent[$0]) }
        }
        let codes = try reader.integers(variable, rows)
        let missing = Set(variable.declaredMissing)
        let isSurfaceType = variable.path == "Retrieval/surface_type"
        let code = isSurfaceType ? SurfaceCode.land : resolved.family.surfaceCode
        return accepted.map {
            missing.contains(Double(codes[$0])) ? .unknown : Self.surface(codes[$0], code)
        }
    }

    private static func surface(landPercent: Double) -> SurfaceKind {
        switch landPercent {
        case 90...100: .land
        case 0...10: .water
        case 10...90: .mixed
        default: .unknown
        }
    }

    private static func surface(_ value: Int64, _ code: SurfaceCode) -> SurfaceKind {
        switch code {
        case .landWaterIndicator:
            switch value {
            case 0: .land
            case 1, 2: .water
            case 3: .mixed
            default: .unknown
            }
        case .land: value == 0 ? .water : value == 1 ? .land : .unknown
        case .classification:
            switch value & 3 {
            case 0: .land
            case 1: .water
            default: .mixed
            }
        case .landPercent: .unknown
        }
    }

    func modes(_ rows: Range<Int>, _ accepted: [Int]) throws -> [ObservationMode] {
        guard let variable = resolved.variables[.mode] else { return [] }
        let codes = try reader.integers(variable, rows)
        return accepted.map { index in
            switch (codes[index], resolved.family.modeCode) {
            case (0, _): .nadir
            case (1, _): .glint
            case (2, .operationMode): .target
            case (3, .operationMode): .transition
            case (4, .operationMode): .areaMap
            default: .unknown
            }
        }
    }
}

/// The order of four corners.
enum CornerOrder {
    /// Whether two opposite sides of the quadrangle cross, so that its corners are not in order around it. False for
    /// corners that are missing or lie on both sides of the antimeridian.
    static func isCrossed(_ x: [Double], _ y: [Double]) -> Bool {
        guard x.count == 4, y.count == 4, (x + y).allSatisfy(\.isFinite) else { return false }
        guard let least = x.min(), let largest = x.max(), largest - least < 180 else { return false }
        return cross(x, y, 0, 1, 2, 3) || cross(x, y, 1, 2, 3, 0)
    }

    /// A, B, C, D into B, D, C, A, the order of SCIAMACHY pixels around their polygon.
    static func uncrossed(_ corners: [Double]) -> [Double] {
        [corners[1], corners[3], corners[2], corners[0]]
    }

    /// Whether side `a`-`b` crosses side `c`-`d`.
    private static func cross(_ x: [Double], _ y: [Double], _ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Bool {
        func side(_ p: Int, _ q: Int, _ r: Int) -> Double {
            (x[q] - x[p]) * (y[r] - y[p]) - (y[q] - y[p]) * (x[r] - x[p])
        }
        return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
    }
}
