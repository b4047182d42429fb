import Foundation

/// Standard deviations of a plume across the wind and in the vertical, m.
public struct PlumeSigmas: Equatable, Sendable {
    public let across: Double
    public let vertical: Double

    public init(across: Double, vertical: Double) {
        self.across = across
        self.vertical = vertical
    }
}

extension StabilityClass {
    /// Curves of Briggs (1973), ATDL contribution 79, made for 100 m to 10 km; smooth down to the source.
    ///
    /// - Parameter distance: m downwind.
    public func briggsSigmas(downwindMetres distance: Double, terrain: PlumeTerrain) -> PlumeSigmas {
        let x = distance
        switch terrain {
        case .rural:
            let across = [0.22, 0.16, 0.11, 0.08, 0.06, 0.04][rawValue] * x / (1 + 0.0001 * x).squareRoot()
            let vertical =
                switch self {
                case .a: 0.20 * x
                case .b: 0.12 * x
                case .c: 0.08 * x / (1 + 0.0002 * x).squareRoot()
                case .d: 0.06 * x / (1 + 0.0015 * x).squareRoot()
                case .e: 0.03 * x / (1 + 0.0003 * x)
                case .f: 0.016 * x / (1 + 0.0003 * x)
                }
            return PlumeSigmas(across: across, vertical: vertical)
        case .urban:
            let across = [0.32, 0.32, 0.22, 0.16, 0.11, 0.11][rawValue] * x / (1 + 0.0004 * x).squareRoot()
            let vertical =
                switch self {
                case .a, .b: 0.24 * x * (1 + 0.001 * x).squareRoot()
                case .c: 0.20 * x
                case .d: 0.14 * x / (1 + 0.0003 * x).squareRoot()
                case .e, .f: 0.08 * x / (1 + 0.0015 * x).squareRoot()
                }
            return PlumeSigmas(across: across, vertical: vertical)
        }
    }

    /// Curves of Pasquill, Gifford and Turner (1970) in the fit of the ISC3 model, EPA-454/B-95-003b (1995), tables 1-1
    /// to 1-3: an average of about ten minutes over open country, 100 m to 50 km; below, its first power law goes on.
    ///
    /// - Parameter distance: m downwind.
    public func pasquillGiffordSigmas(downwindMetres distance: Double) -> PlumeSigmas {
        let kilometres = max(distance, 1e-3) / 1000
        let (c, d) = [
            (24.1670, 2.5334), (18.3330, 1.8096), (12.5000, 1.0857), (8.3330, 0.72382), (6.2500, 0.54287),
            (4.1667, 0.36191),
        ][rawValue]
        let angle = (c - d * log(kilometres)) * Double.pi / 180
        let across = 465.11628 * kilometres * tan(max(angle, 0))
        let pieces = Self.verticalPieces[rawValue]
        let piece = pieces.first { kilometres <= $0.upTo } ?? pieces[pieces.count - 1]
        let vertical = piece.factor * pow(kilometres, piece.exponent)
        return PlumeSigmas(across: across, vertical: min(vertical, 5000))
    }

    /// A power law of the vertical spread: factor in m, distance in km.
    private struct VerticalPiece: Sendable {
        let upTo: Double
        let factor: Double
        let exponent: Double

        init(_ upTo: Double, _ factor: Double, _ exponent: Double) {
            self.upTo = upTo
            self.factor = factor
            self.exponent = exponent
        }
    }

    private static let verticalPieces: [[VerticalPiece]] = [
        [
            VerticalPiece(0.10, 122.800, 0.94470), VerticalPiece(0.15, 158.080, 1.05420),
            VerticalPiece(0.20, 170.220, 1.09320), VerticalPiece(0.25, 179.520, 1.12620),
            VerticalPiece(0.30, 217.410, 1.26440), VerticalPiece(0.40, 258.890, 1.40940),
            VerticalPiece(0.50, 346.750, 1.72830), VerticalPiece(.infinity, 453.850, 2.11660),
        ],
        [
            VerticalPiece(0.20, 90.673, 0.93198), VerticalPiece(0.40, 98.483, 0.98332),
            VerticalPiece(.infinity, 109.300, 1.09710),
        ],
        [VerticalPiece(.infinity, 61.141, 0.91465)],
        [
            VerticalPiece(0.30, 34.459, 0.86974), VerticalPiece(1, 32.093, 0.81066),
            VerticalPiece(3, 32.093, 0.64403), VerticalPiece(10, 33.504, 0.60486),
            VerticalPiece(30, 36.650, 0.56589), VerticalPiece(.infinity, 44.053, 0.51179),
        ],
        [
            VerticalPiece(0.10, 24.260, 0.83660), VerticalPiece(0.30, 23.331, 0.81956),
            VerticalPiece(1, 21.628, 0.75660), VerticalPiece(2, 21.628, 0.63077),
            VerticalPiece(4, 22.534, 0.57154), VerticalPiece(10, 24.703, 0.50527),
            VerticalPiece(20, 26.970, 0.46713), VerticalPiece(40, 35.420, 0.37615),
            VerticalPiece(.infinity, 47.618, 0.29592),
        ],
        [
            VerticalPiece(0.20, 15.209, 0.81558), VerticalPiece(0.70, 14.457, 0.78407),
            VerticalPiece(1, 13.953, 0.68465), VerticalPiece(2, 13.953, 0.63227),
            VerticalPiece(3, 14.823, 0.54503), VerticalPiece(7, 16.187, 0.46490),
            VerticalPiece(15, 17.836, 0.41507), VerticalPiece(30, 22.651, 0.32681),
            VerticalPiece(60, 27.074, 0.27436), VerticalPiece(.infinity, 34.219, 0.21716),
        ],
    ]
}
