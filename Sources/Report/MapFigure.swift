import Geo
import Quantities

/// The whole map: layer, outlines, graticule, sites, names, scale, north arrow and legend.
struct MapFigure {
    private let map: ReportMap
    private let context: ReportContext
    private let frame: MapFrame
    private let layer: MapLayerDrawing?
    /// Tells the maps of a page apart.
    private let number: Int

    init(_ map: ReportMap, context: ReportContext, number: Int = 0) {
        self.number = number
        self.map = map
        self.context = context
        frame = MapFrame(box: map.box)
        layer = map.layer.flatMap { [frame] in MapLayerDrawing($0, in: frame) }
    }

    /// Whether a layer was given that cannot be drawn.
    var lacksLayer: Bool { map.layer != nil && layer == nil }

    var drawing: HTML {
        let legendWidth = layer == nil ? 20.0 : 120
        let total = frame.right + legendWidth
        let (marks, labels) = sitesAndNames()
        let clip = number == 0 ? "map-frame" : "map-frame-\(number)"
        return """
            <svg class="map" viewBox="0 0 \(total) \(frame.bottom + 54)" style="max-width:\(total)px" \
            preserveAspectRatio="xMinYMin" role="img" aria-label="\(context.text(.mapFigure))">
            <clipPath id="\(clip)"><rect x="\(MapFrame.left)" y="\(MapFrame.top)" width="\(frame.width)" \
            height="\(frame.height)"/></clipPath>
            <rect x="\(MapFrame.left)" y="\(MapFrame.top)" width="\(frame.width)" height="\(frame.height)" \
            fill="#fbfcfd"/>
            <g clip-path="url(#\(clip))">
            \(layer?.drawing ?? "")
            \(outlines)
            </g>
            \(frame.graticule)
            <rect class="frame" x="\(MapFrame.left)" y="\(MapFrame.top)" width="\(frame.width)" \
            height="\(frame.height)"/>
            \(marks)\(labels)
            \(frame.scaleBar(context))\(frame.northArrow(context))
            \(layer?.legend(context) ?? "")
            \(symbolLegend)
            </svg>
            """
    }

    // MARK: - Regions

    private var compared: Set<Int32> { Set(map.labelledRegions.compactMap { Int32(exactly: $0.index) }) }

    private var outlines: HTML {
        guard map.boundaries.isEmpty else {
            let path = RingPaths(map.boundaries, in: frame).path
            return #"<g class="outlines"><path class="faint" d="\#(path)"/></g>"#
        }
        guard let mask = map.mask, let window = GridWindow(mask.grid, in: frame) else { return "" }
        let regions = Self.regions(of: mask, in: window)
        let compared = compared
        let strong = MaskOutlines(regions: regions, rows: window.rows, columns: window.columns) {
            compared.contains($0) || compared.contains($1)
        }
        let faint = MaskOutlines(regions: regions, rows: window.rows, columns: window.columns) {
            !compared.contains($0) && !compared.contains($1)
        }
        let strongPath = strong.path()
        return """
            <g transform="\(window.transform())" class="outlines">
            <path class="faint" d="\(faint.path())"/>
            <path class="casing" d="\(strongPath)"/>
            <path class="strong" d="\(strongPath)"/>
            </g>
            """
    }

    private static func regions(of mask: RegionMask, in window: GridWindow) -> [Int32?] {
        var regions: [Int32?] = []
        regions.reserveCapacity(window.rows * window.columns)
        for row in 0..<window.rows {
            for column in 0..<window.columns {
                regions.append(window.cell(row: row, column: column).map { mask.index[$0] })
            }
        }
        return regions
    }

    // MARK: - Names

    private func sitesAndNames() -> (marks: HTML, labels: HTML) {
        var placer = LabelPlacer(
            bounds: .init(
                x: MapFrame.left + 2,
                y: MapFrame.top + 2,
                width: frame.width - 4,
                height: frame.height - 4
            )
        )
        placer.occupy(.init(x: frame.right - 36, y: MapFrame.top, width: 36, height: 48))
        placer.occupy(.init(x: MapFrame.left, y: frame.bottom - 48, width: 190, height: 48))
        var marks: HTML = ""
        let visible = map.sites.filter { map.box.contains($0.position) }
        for site in visible {
            let (x, y) = (frame.x(site.position.longitude), frame.y(site.position.latitude))
            placer.occupy(.init(x: x - 7, y: y - 7, width: 14, height: 14))
            marks += Self.mark(site.kind, x: x, y: y)
        }
        var labels: HTML = ""
        for site in visible {
            let (x, y) = (frame.x(site.position.longitude), frame.y(site.position.latitude))
            labels += label(context.text(site.name), style: "site", x: x, y: y, clearance: 9, &placer)
        }
        labels += regionNames(&placer)
        return (marks, labels)
    }

    private func regionNames(_ placer: inout LabelPlacer) -> HTML {
        guard let mask = map.mask, let window = GridWindow(mask.grid, in: frame) else { return "" }
        let regions = Self.regions(of: mask, in: window)
        var labels: HTML = ""
        for region in map.labelledRegions {
            guard
                let centre = RegionCentre.find(
                    Int32(exactly: region.index) ?? -1,
                    in: regions,
                    rows: window.rows,
                    columns: window.columns
                )
            else { continue }
            labels += label(
                context.text(region.name),
                style: "region",
                x: window.originX + (Double(centre.column) + 0.5) * window.cellWidth,
                y: window.originY + (Double(centre.row) + 0.5) * window.cellHeight,
                clearance: 4,
                isCentred: true,
                &placer
            )
        }
        return labels
    }

    private func label(
        _ text: String,
        style: String,
        x: Double,
        y: Double,
        clearance: Double,
        isCentred: Bool = false,
        _ placer: inout LabelPlacer
    ) -> HTML {
        let short = TextWidth.fitted(text, width: 220, size: 12.5)
        let width = TextWidth.of(short, size: 12.5)
        guard
            let place = placer.place(
                width: width,
                height: 15,
                x: x,
                y: y,
                clearance: clearance,
                isCentred: isCentred
            )
        else { return "" }
        let middle = place.rectangle.x + width / 2
        let baseline = place.rectangle.y + 12
        var drawn: HTML = ""
        if place.needsLeader {
            drawn = #"<path class="leader" d="M\#(x) \#(y)L\#(middle) \#(baseline - 4)"/>"#
        }
        drawn +=
            #"<text class="\#(style)" x="\#(middle)" y="\#(baseline)" text-anchor="middle">\#(short)</text>"#
        return drawn
    }

    private static func mark(_ kind: ReportMap.Site.Kind, x: Double, y: Double) -> HTML {
        switch kind {
        case .station: #"<path class="station" d="M\#(x) \#(y - 7)l6.5 11.5h-13z"/>"#
        case .source: #"<rect class="source" x="\#(x - 5)" y="\#(y - 5)" width="10" height="10"/>"#
        }
    }

    // MARK: - Legend

    private var symbolLegend: HTML {
        let y = frame.bottom + 40
        var x = MapFrame.left
        var drawn: HTML = ""
        func entry(_ symbol: (Double) -> HTML, _ message: Message) {
            let text = context.text(message)
            drawn += #"\#(symbol(x + 10))<text x="\#(x + 24)" y="\#(y + 4)">\#(text)</text>"#
            x += 24 + TextWidth.of(text, size: 12.5) + 22
        }
        if map.sites.contains(where: { $0.kind == .station }) {
            entry({ Self.mark(.station, x: $0, y: y) }, .station)
        }
        if map.sites.contains(where: { $0.kind == .source }) {
            entry({ Self.mark(.source, x: $0, y: y) }, .source)
        }
        if map.mask != nil, map.boundaries.isEmpty, !map.labelledRegions.isEmpty {
            entry({ #"<path class="key strong" d="M\#($0 - 9) \#(y)h18"/>"# }, .comparedOutline)
        }
        if map.mask != nil || !map.boundaries.isEmpty {
            entry({ #"<path class="key faint" d="M\#($0 - 9) \#(y)h18"/>"# }, .otherOutline)
        }
        return drawn
    }
}
