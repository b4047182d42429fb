import Geo
import Transport

/// The map of a footprint: cells on a logarithmic scale, lines round the areas that hold half and more of the
/// influence, the receptor and the outlines of regions.
struct FootprintMap {
    /// Of the influence, for the lines.
    static let shares = [0.5, 0.8, 0.9]

    private let layer: MapLayerDrawing
    private let place: FootprintFrame
    private let field: FootprintField
    private let points: [ReceptorPoint]
    private let regions: SatelliteRegions?
    private let number: Int
    private var frame: MapFrame { place.frame }

    /// - Parameters:
    ///   - points: of the receptor or receptors.
    ///   - number: tells the figures of a page apart.
    /// Nil where nothing of the footprint can be drawn.
    init?(_ field: FootprintField, points: [ReceptorPoint], regions: SatelliteRegions?, number: Int) {
        let shown = ReportMap.Layer(
            name: FootprintMessage.influence.text,
            unit: FootprintPage.unit,
            grid: field.grid,
            values: field.values.map { $0 > 0 ? $0 : .nan },
            isLogarithmic: true
        )
        guard let place = FootprintFrame(field, receptor: points.first),
            let drawing = MapLayerDrawing(shown, in: place.frame)
        else { return nil }
        layer = drawing
        self.place = place
        self.field = field
        self.points = points
        self.regions = regions
        self.number = number
    }

    func drawing(_ context: ReportContext) -> HTML {
        let total = frame.right + 170
        let clip = "footprint-frame-\(number)"
        let rectangle: HTML = """
            x="\(MapFrame.left)" y="\(MapFrame.top)" width="\(frame.width)" height="\(frame.height)"
            """
        return """
            <svg class="map" viewBox="0 0 \(total) \(frame.bottom + 54)" style="max-width:\(total)px" \
            preserveAspectRatio="xMinYMin" role="img" aria-label="\(context.words(.influence))">
            <clipPath id="\(clip)"><rect \(rectangle)/></clipPath>
            <rect \(rectangle) fill="#fbfcfd"/>
            <g clip-path="url(#\(clip))">
            \(layer.drawing)
            \(outlines)
            \(areaLines)
            </g>
            \(frame.graticule)
            <rect class="frame" \(rectangle)/>
            \(marks)
            \(frame.scaleBar(context))\(frame.northArrow(context))
            \(layer.legend(context))
            \(key(context))
            </svg>
            """
    }

    private var outlines: HTML {
        guard let regions, regions.fractions.grid.projected == field.grid.projected else { return "" }
        let path = RegionPaths(regions.fractions, in: frame).path
        return #"<g class="outlines"><path class="faint" d="\#(path)"/></g>"#
    }

    /// From the inside: full, dashed and dotted.
    private var areaLines: HTML {
        guard let window = GridWindow(field.grid, in: frame) else { return "" }
        let areas = field.areas(holding: Self.shares)
        let outside = Int32(Self.shares.count)
        var classes: [Int32?] = []
        classes.reserveCapacity(window.rows * window.columns)
        for row in 0..<window.rows {
            for column in 0..<window.columns {
                let area = window.cell(row: row, column: column).flatMap { areas[$0] }
                classes.append(area.flatMap { Int32(exactly: $0) } ?? outside)
            }
        }
        let lines = Self.shares.indices.map { share -> HTML in
            let path = MaskOutlines(regions: classes, rows: window.rows, columns: window.columns) {
                ($0 <= share) != ($1 <= share)
            }.path()
            return #"<path class="casing" d="\#(path)"/><path class="area\#(share)" d="\#(path)"/>"#
        }
        return #"<g transform="\#(window.transform())" class="outlines areas">\#(lines)</g>"#
    }

    /// A cross for one place, a track of small dots for many.
    private var marks: HTML {
        let places = points.compactMap { place.pixels(longitude: $0.longitude, latitude: $0.latitude) }
        guard let first = places.first else { return "" }
        let isOne = places.allSatisfy { abs($0.x - first.x) < 3 && abs($0.y - first.y) < 3 }
        guard !isOne else {
            return """
                <path class="station" d="M\(first.x) \(first.y - 7)l6.5 11.5h-13z"/>
                """
        }
        let path = places.map { "M\(pixels($0.x)) \(pixels($0.y))h0" }.joined()
        return #"<path class="track-casing" d="\#(path)"/><path class="track-points" d="\#(path)"/>"#
    }

    private func key(_ context: ReportContext) -> HTML {
        let y = frame.bottom + 40
        var x = MapFrame.left
        var drawn: HTML = ""
        func entry(_ symbol: HTML, _ text: String) {
            drawn += #"\#(symbol)<text x="\#(x + 26)" y="\#(y + 4)">\#(text)</text>"#
            x += 26 + TextWidth.of(text, size: 12.5) + 20
        }
        entry(#"<path class="station" d="M\#(x + 10) \#(y - 6)l6 10.5h-12z"/>"#, context.words(.receptor))
        for (index, share) in Self.shares.enumerated() {
            let line: HTML = #"<path class="key area\#(index)" d="M\#(x + 1) \#(y)h18"/>"#
            entry(line, context.words(.areaKey, NumberText.percent(share) ?? ""))
        }
        if regions != nil {
            entry(#"<path class="key faint" d="M\#(x + 1) \#(y)h18"/>"#, context.words(.outline))
        }
        return drawn
    }
}
