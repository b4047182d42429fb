import Observations

extension SoundingFile {
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
