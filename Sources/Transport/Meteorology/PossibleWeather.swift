/// What the air of the Earth can be at most: values beyond tell of another unit or of a damaged field. Wide enough for
/// every place and season below the mesopause, far too narrow for degrees Celsius or hectopascals.
struct PossibleRange: Sendable {
    let values: ClosedRange<Double>
    let unit: String

    var text: String {
        func bound(_ value: Double) -> String { Int(exactly: value).map { "\($0)" } ?? "\(value)" }
        return "\(bound(values.lowerBound)) to \(bound(values.upperBound)) \(unit)"
    }

    static let temperature = PossibleRange(values: 150...350, unit: "K")
    /// The jet stream stays below 150 m s-1.
    static let wind = PossibleRange(values: -300...300, unit: "m s-1")
    /// Of the highest mountain and of the deepest high, with room.
    static let surfacePressure = PossibleRange(values: 20_000...115_000, unit: "Pa")
    /// Packing may leave a thin layer a little below zero.
    static let depth = PossibleRange(values: -1...20_000, unit: "m")
}

extension LevelFields {
    /// Fields with bounds, by name.
    var limited: [(name: String, values: [Float], range: PossibleRange)] {
        [
            ("temperature", temperatureKelvin, .temperature), ("wind along columns", alongColumns, .wind),
            ("wind along rows", alongRows, .wind),
        ]
    }
}

extension SurfaceFields {
    private var limited: [(name: String, values: [Float], range: PossibleRange)] {
        [
            ("surface pressure", pressurePascal, .surfacePressure),
            ("temperature at 2 m", temperatureKelvin, .temperature),
            ("wind along columns at 10 m", alongColumns, .wind),
            ("wind along rows at 10 m", alongRows, .wind),
            ("boundary-layer height", boundaryLayerMetres, .depth),
        ]
    }

    /// - Throws: ``MeteorologyProblem/impossible(_:value:allowed:level:cell:)``
    func requirePossible() throws(MeteorologyProblem) {
        for (name, values, range) in limited {
            guard let cell = values.firstIndex(where: { !range.values.contains(Double($0)) }) else {
                continue
            }
            throw .impossible(
                name,
                value: Double(values[cell]),
                allowed: range.text,
                level: 0,
                cell: cell
            )
        }
    }

    /// Whether no cell has a boundary layer thicker than the metre that particles are mixed over at least.
    var hasNoBoundaryLayer: Bool {
        !boundaryLayerMetres.isEmpty && boundaryLayerMetres.allSatisfy { $0 <= 1 }
    }
}
