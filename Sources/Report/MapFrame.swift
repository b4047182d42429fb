import Foundation
import Geo
import Quantities

/// The plate carrée frame of a map: degrees of longitude are drawn shorter than those of latitude by the
/// cosine of the middle latitude, so that distances are right there.
struct MapFrame {
    static let left = 52.0
    static let top = 12.0
    private static let widthMost = 740.0
    private static let heightMost = 640.0

    let box: BoundingBox
    /// Degrees.
    let spanLongitude: Double
    let spanLatitude: Double
    /// Pixels.
    let width: Double
    let height: Double

    init(box: BoundingBox) {
        self.box = box
        spanLongitude = min(360, box.east > box.west ? box.east - box.west : box.east + 360 - box.west)
        spanLatitude = box.north - box.south
        let aspect = max(1e-3, spanLongitude * cos(Self.middle(of: box) * Double.pi / 180)) / spanLatitude
        width = min(Self.widthMost, Self.heightMost * aspect)
        height = min(Self.heightMost, width / aspect)
    }

    private static func middle(of box: BoundingBox) -> Double { (box.north + box.south) / 2 }

    var middleLatitude: Double { Self.middle(of: box) }
    var right: Double { Self.left + width }
    var bottom: Double { Self.top + height }
    var pixelsPerDegreeLongitude: Double { width / spanLongitude }
    var pixelsPerDegreeLatitude: Double { height / spanLatitude }

    /// Degrees east of the western edge, 0..<360.
    func offset(longitude: Double) -> Double {
        let offset = (longitude - box.west).truncatingRemainder(dividingBy: 360)
        return offset < 0 ? offset + 360 : offset
    }

    func x(_ longitude: Double) -> Double {
        Self.left + offset(longitude: longitude) * pixelsPerDegreeLongitude
    }

    func y(_ latitude: Double) -> Double { Self.top + (box.north - latitude) * pixelsPerDegreeLatitude }

    // MARK: - Graticule and scale

    /// Meridians and parallels at round degrees with their names outside the frame.
    var graticule: HTML {
        var drawn: HTML = ""
        let meridians = Axis.ticks(box.west, box.west + spanLongitude, about: 6)
        for (longitude, label) in zip(meridians, Axis.labels(meridians.map(Self.wrapped).map(abs))) {
            let x = Self.left + (longitude - box.west) * pixelsPerDegreeLongitude
            let name = label + Self.side(Self.wrapped(longitude), "E", "W")
            drawn += """
                <path class="graticule" d="M\(x) \(Self.top)V\(bottom)"/>\
                <text class="tick" x="\(x)" y="\(bottom + 16)" text-anchor="middle">\(name)</text>
                """
        }
        let parallels = Axis.ticks(box.south, box.north, about: 6)
        for (latitude, label) in zip(parallels, Axis.labels(parallels.map(abs))) {
            let name = label + Self.side(latitude, "N", "S")
            drawn += """
                <path class="graticule" d="M\(Self.left) \(y(latitude))H\(right)"/>\
                <text class="tick" x="\(Self.left - 6)" y="\(y(latitude) + 4)" text-anchor="end">\
                \(name)</text>
                """
        }
        return drawn
    }

    private static func wrapped(_ longitude: Double) -> Double {
        longitude > 180 ? longitude - 360 : longitude
    }

    private static func side(_ value: Double, _ positive: String, _ negative: String) -> String {
        if abs(value) < 1e-9 { return "°" }
        return "°" + (value > 0 ? positive : negative)
    }

    /// Kilometres of a round length at most a quarter of the map wide, at the middle latitude.
    var scaleKilometres: Double {
        let longest = spanLongitude * kilometresPerDegreeLongitude / 4
        let step = Axis.roundStep(longest)
        return step <= longest * (1 + 1e-9)
            ? step : ([0.5, 0.4].first { $0 * step <= longest } ?? 0.2) * step
    }

    /// On the mean sphere.
    private var kilometresPerDegreeLongitude: Double {
        Earth.meanRadiusMetres / 1000 * Double.pi / 180 * cos(middleLatitude * Double.pi / 180)
    }

    func scaleBar(_ context: ReportContext) -> HTML {
        let kilometres = scaleKilometres
        guard kilometresPerDegreeLongitude > 1e-6, kilometres > 0 else { return "" }
        let length = kilometres / kilometresPerDegreeLongitude * pixelsPerDegreeLongitude
        let latitude =
            (NumberText.fixed(abs(middleLatitude), decimals: 1) ?? "") + Self.side(middleLatitude, "N", "S")
        let label = context.text(.scaleLabel, NumberText.significant(kilometres) ?? "", latitude)
        let boxWidth = max(length, TextWidth.of(label, size: 11.5)) + 20
        let x = Self.left + 8
        let y = bottom - 44
        return """
            <g class="scale"><rect x="\(x)" y="\(y)" width="\(boxWidth)" height="36" rx="3"/>\
            <path d="M\(x + 10) \(y + 20)v6h\(length)v-6"/>\
            <text x="\(x + 10)" y="\(y + 15)">\(label)</text></g>
            """
    }

    func northArrow(_ context: ReportContext) -> HTML {
        let x = right - 24
        let y = Self.top + 10
        return """
            <g class="north"><rect x="\(x - 8)" y="\(y - 4)" width="24" height="40" rx="3"/>\
            <path d="M\(x + 4) \(y + 12)l6 18-6-4-6 4z"/>\
            <text x="\(x + 4)" y="\(y + 9)" text-anchor="middle">\(context.text(.north))</text></g>
            """
    }
}
