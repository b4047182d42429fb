import Foundation
import Geo
import Quantities

/// The frame of a map. In plate carrée degrees of longitude are drawn shorter than those of latitude by the cosine of
/// the middle latitude, so that distances are right there. A projected grid is drawn in its own plane, in metres, which
/// take the places of longitude and latitude here.
struct MapFrame {
    static let left = 52.0
    static let top = 12.0
    private static let widthMost = 740.0
    private static let heightMost = 640.0

    let west: Double
    let south: Double
    let north: Double
    /// 360 degrees; nil in the plane of a projection.
    private let circle: Double?
    /// Degrees or metres.
    let spanLongitude: Double
    let spanLatitude: Double
    /// Pixels.
    let width: Double
    let height: Double

    init(box: BoundingBox) {
        let width = min(360, box.east > box.west ? box.east - box.west : box.east + 360 - box.west)
        let middle = (box.north + box.south) / 2
        self.init(
            west: box.west,
            south: box.south,
            north: box.north,
            width: width,
            aspect: max(1e-3, width * cos(middle * Double.pi / 180)) / (box.north - box.south),
            circle: 360
        )
    }

    init(_ grid: ProjectedGrid) {
        let width = grid.x.end - grid.x.origin
        self.init(
            west: grid.x.origin,
            south: grid.y.origin,
            north: grid.y.end,
            width: width,
            aspect: width / (grid.y.end - grid.y.origin),
            circle: nil
        )
    }

    private init(
        west: Double,
        south: Double,
        north: Double,
        width across: Double,
        aspect: Double,
        circle: Double?
    ) {
        self.west = west
        self.south = south
        self.north = north
        self.circle = circle
        spanLongitude = across
        spanLatitude = north - south
        width = min(Self.widthMost, Self.heightMost * aspect)
        height = min(Self.heightMost, width / aspect)
    }

    var middleLatitude: Double { (north + south) / 2 }
    var right: Double { Self.left + width }
    var bottom: Double { Self.top + height }
    var pixelsPerDegreeLongitude: Double { width / spanLongitude }
    var pixelsPerDegreeLatitude: Double { height / spanLatitude }

    /// Degrees east of the western edge, 0..<360; in a projection metres.
    func offset(longitude: Double) -> Double {
        guard circle != nil else { return longitude - west }
        let offset = (longitude - west).truncatingRemainder(dividingBy: 360)
        return offset < 0 ? offset + 360 : offset
    }

    func x(_ longitude: Double) -> Double {
        Self.left + offset(longitude: longitude) * pixelsPerDegreeLongitude
    }

    func y(_ latitude: Double) -> Double { Self.top + (north - latitude) * pixelsPerDegreeLatitude }

    // MARK: - Graticule and scale

    /// Meridians and parallels at round degrees with their names outside the frame.
    var graticule: HTML {
        guard circle != nil else { return kilometres }
        var drawn: HTML = ""
        let meridians = Axis.ticks(west, west + spanLongitude, about: 6)
        for (longitude, label) in zip(meridians, Axis.labels(meridians.map(Self.wrapped).map(abs))) {
            let x = Self.left + (longitude - west) * pixelsPerDegreeLongitude
            let name = label + Self.side(Self.wrapped(longitude), "E", "W")
            drawn += """
                <path class="graticule" d="M\(x) \(Self.top)V\(bottom)"/>\
                <text class="tick" x="\(x)" y="\(bottom + 16)" text-anchor="middle">\(name)</text>
                """
        }
        let parallels = Axis.ticks(south, north, about: 6)
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

    /// Eastings and northings in round kilometres.
    private var kilometres: HTML {
        var drawn: HTML = ""
        let eastings = Axis.ticks(west / 1000, (west + spanLongitude) / 1000, about: 6)
        for (easting, label) in zip(eastings, Axis.labels(eastings)) {
            let x = Self.left + (easting * 1000 - west) * pixelsPerDegreeLongitude
            drawn += """
                <path class="graticule" d="M\(x) \(Self.top)V\(bottom)"/>\
                <text class="tick" x="\(x)" y="\(bottom + 16)" text-anchor="middle">\(label)</text>
                """
        }
        let northings = Axis.ticks(south / 1000, north / 1000, about: 6)
        for (northing, label) in zip(northings, Axis.labels(northings)) {
            let y = y(northing * 1000)
            drawn += """
                <path class="graticule" d="M\(Self.left) \(y)H\(right)"/>\
                <text class="tick" x="\(Self.left - 6)" y="\(y + 4)" text-anchor="end">\(label)</text>
                """
        }
        drawn += #"<text class="tick" x="\#(right + 6)" y="\#(bottom + 16)">km</text>"#
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

    /// None in a projection, whose ticks are kilometres.
    func scaleBar(_ context: ReportContext) -> HTML {
        guard circle != nil else { return "" }
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

    /// None in a projection, where north is not one direction.
    func northArrow(_ context: ReportContext) -> HTML {
        guard circle != nil else { return "" }
        let x = right - 24
        let y = Self.top + 10
        return """
            <g class="north"><rect x="\(x - 8)" y="\(y - 4)" width="24" height="40" rx="3"/>\
            <path d="M\(x + 4) \(y + 12)l6 18-6-4-6 4z"/>\
            <text x="\(x + 4)" y="\(y + 9)" text-anchor="middle">\(context.text(.north))</text></g>
            """
    }
}
