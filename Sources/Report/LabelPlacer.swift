import Foundation

/// Finds places for labels that overlap neither each other nor the marks already set.
struct LabelPlacer {
    struct Rectangle {
        var x: Double
        var y: Double
        var width: Double
        var height: Double

        func overlaps(_ other: Rectangle) -> Bool {
            x < other.x + other.width && other.x < x + width && y < other.y + other.height
                && other.y < y + height
        }

        func isInside(_ outer: Rectangle) -> Bool {
            x >= outer.x && y >= outer.y && x + width <= outer.x + outer.width
                && y + height <= outer.y + outer.height
        }
    }

    struct Placement {
        let rectangle: Rectangle
        /// Whether it stands so far off that a line should lead to it.
        let needsLeader: Bool
    }

    private let bounds: Rectangle
    private var taken: [Rectangle] = []

    init(bounds: Rectangle) { self.bounds = bounds }

    mutating func occupy(_ rectangle: Rectangle) { taken.append(rectangle) }

    /// The first free place around a point, nearest first; nil where everything within reach is taken.
    /// - Parameters:
    ///   - isCentred: try the point itself first, as for the name of an area.
    ///   - clearance: pixels from the point to the nearest edge of the label.
    mutating func place(
        width: Double,
        height: Double,
        x: Double,
        y: Double,
        clearance: Double,
        isCentred: Bool = false
    ) -> Placement? {
        if isCentred {
            let rectangle = Rectangle(x: x - width / 2, y: y - height / 2, width: width, height: height)
            if claim(rectangle) { return Placement(rectangle: rectangle, needsLeader: false) }
        }
        for ring in 0..<6 {
            let distance = clearance + Double(ring) * 13
            for direction in 0..<12 {
                let rectangle = Self.rectangle(direction, distance, width, height, x, y)
                if claim(rectangle) { return Placement(rectangle: rectangle, needsLeader: ring > 0) }
            }
        }
        return nil
    }

    private mutating func claim(_ rectangle: Rectangle) -> Bool {
        guard rectangle.isInside(bounds), !taken.contains(where: rectangle.overlaps) else { return false }
        taken.append(rectangle)
        return true
    }

    /// East first, as readers expect a name right of its mark, then west, then around.
    private static func rectangle(
        _ direction: Int,
        _ distance: Double,
        _ width: Double,
        _ height: Double,
        _ x: Double,
        _ y: Double
    ) -> Rectangle {
        let order = [0, 6, 11, 1, 5, 7, 9, 3, 10, 2, 8, 4]
        let angle = Double(order[direction]) * Double.pi / 6
        let centreX = x + cos(angle) * (distance + width / 2)
        let centreY = y + sin(angle) * (distance + height / 2)
        return Rectangle(x: centreX - width / 2, y: centreY - height / 2, width: width, height: height)
    }
}
