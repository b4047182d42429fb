import Quantities

/// Where the entries of a legend stand: in rows, so that none runs out of the drawing.
struct LegendRows {
    static let pitch = 20.0
    private static let (size, gap, widest) = (12.5, 22.0, 260.0)

    /// Left edge of the symbol of each entry, and how far its row is below the first.
    let places: [(x: Double, y: Double)]
    /// The names as far as they fit.
    let names: [String]

    /// - Parameter symbol: width before a name.
    init(_ names: [String], from left: Double, to right: Double, symbol: Double) {
        let widest = min(Self.widest, right - left - symbol)
        self.names = names.map { TextWidth.fitted($0, width: widest, size: Self.size) }
        var (x, y) = (left, 0.0)
        places = self.names.map { name in
            let width = symbol + TextWidth.of(name, size: Self.size)
            if x > left, x + width > right { (x, y) = (left, y + Self.pitch) }
            defer { x += width + Self.gap }
            return (x, y)
        }
    }

    /// What the rows below the first need.
    var furtherHeight: Double { places.last?.y ?? 0 }
}
