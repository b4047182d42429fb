import Geo
import Quantities

/// One layer of a product with the outlines of the regions.
struct SatelliteMap {
    private let layer: MapLayerDrawing
    private let frame: MapFrame
    private let regions: SatelliteRegions?
    private let name: LocalizedName
    private let number: Int

    /// - Parameter number: tells the figures of a page apart.
    ///
    /// Nil where no cell inside the box has a value.
    init?(_ layer: ReportMap.Layer, frame: MapFrame, regions: SatelliteRegions?, number: Int) {
        guard let drawing = MapLayerDrawing(layer, in: frame) else { return nil }
        self.layer = drawing
        self.frame = frame
        self.regions = regions
        self.number = number
        name = layer.name
    }

    func drawing(_ context: ReportContext) -> HTML {
        let total = frame.right + 120
        let height = frame.bottom + (regions == nil ? 24.0 : 48)
        let clip = "map-frame-\(number)"
        let rectangle: HTML = """
            x="\(MapFrame.left)" y="\(MapFrame.top)" width="\(frame.width)" height="\(frame.height)"
            """
        return """
            <svg class="map" viewBox="0 0 \(total) \(height)" style="max-width:\(total)px" \
            preserveAspectRatio="xMinYMin" role="img" aria-label="\(context.text(name))">
            <clipPath id="\(clip)"><rect \(rectangle)/></clipPath>
            <rect \(rectangle) fill="#fbfcfd"/>
            <g clip-path="url(#\(clip))">
            \(layer.drawing)
            \(outlines)
            </g>
            \(frame.graticule)
            <rect class="frame" \(rectangle)/>
            \(frame.scaleBar(context))\(frame.northArrow(context))
            \(layer.legend(context))
            \(key(context))
            </svg>
            """
    }

    private var outlines: HTML {
        guard let regions else { return "" }
        let path = RegionPaths(regions.fractions, in: frame).path
        return #"<g class="outlines"><path class="faint" d="\#(path)"/></g>"#
    }

    private func key(_ context: ReportContext) -> HTML {
        guard regions != nil else { return "" }
        let (x, y) = (MapFrame.left, frame.bottom + 36)
        return """
            <path class="key faint" d="M\(x + 1) \(y)h18"/>\
            <text x="\(x + 26)" y="\(y + 4)">\(context.phrase(.outline))</text>
            """
    }
}
