import Foundation
import Geo

/// The coloured cells of a map's layer and their legend.
struct MapLayerDrawing {
    /// Rows or columns of the picture; finer grids are averaged in blocks.
    private static let resolution = 480

    private let layer: ReportMap.Layer
    private let frame: MapFrame
    private let scale: ColourScale
    private let colours: [String]
    private let cells: HTML

    /// Nil where no cell inside the map has a value.
    init?(_ layer: ReportMap.Layer, in frame: MapFrame) {
        guard layer.values.count == layer.grid.cellCount, let window = GridWindow(layer.grid, in: frame)
        else { return nil }
        let factor = max(1, (max(window.rows, window.columns) + Self.resolution - 1) / Self.resolution)
        let rows = (window.rows + factor - 1) / factor
        let columns = (window.columns + factor - 1) / factor
        let means = Self.means(layer.values, window, factor: factor, rows: rows, columns: columns)
        // A scale symmetric about zero gives zero the middle colour.
        let shared = layer.companions.filter { $0.count == layer.grid.cellCount }.flatMap {
            Self.means($0, window, factor: factor, rows: rows, columns: columns)
        }
        let spread = layer.isDifference ? means + means.map { -$0 } : means + shared
        guard let scale = ColourScale(values: spread, isLogarithmic: layer.isLogarithmic) else { return nil }
        let colours = layer.isDifference ? Palette.divergingClasses : Palette.sequential
        let raster = RasterPaths(
            classes: means.map { scale.colourClass($0) ?? -1 },
            rows: rows,
            columns: columns
        )
        self.layer = layer
        self.colours = colours
        self.frame = frame
        self.scale = scale
        cells = """
            <g transform="\(window.transform(factor: factor))" shape-rendering="crispEdges">
            \(raster.drawing(colours: colours))
            </g>
            """
    }

    /// Means of the finite values of each block; NaN where there is none.
    private static func means(
        _ values: [Double],
        _ window: GridWindow,
        factor: Int,
        rows: Int,
        columns: Int
    ) -> [Double] {
        var sums = [Double](repeating: 0, count: rows * columns)
        var counts = [Int](repeating: 0, count: rows * columns)
        for row in 0..<window.rows {
            for column in 0..<window.columns {
                guard let cell = window.cell(row: row, column: column), values[cell].isFinite else {
                    continue
                }
                let block = row / factor * columns + column / factor
                sums[block] += values[cell]
                counts[block] += 1
            }
        }
        return zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : .nan }
    }

    var drawing: HTML { cells }

    /// A colour bar to the right of the frame.
    func legend(_ context: ReportContext) -> HTML {
        let x = frame.right + 22
        let height = min(frame.height - 52, 320)
        let top = MapFrame.top + 36
        let step = height / Double(Palette.classCount)
        var drawn: HTML = """
            <text class="axis" x="\(x)" y="\(MapFrame.top + 14)">\(layer.unit)</text>
            <g shape-rendering="crispEdges">
            """
        for (index, colour) in colours.enumerated() {
            let y = top + height - Double(index + 1) * step
            drawn += """
                <rect x="\(x)" y="\(y)" width="16" height="\(step + 0.3)" fill="\(colour)"/>
                """
        }
        drawn += "</g>\(openEnds(x: x, top: top, bottom: top + height))"
        drawn += #"<rect class="frame" x="\#(x)" y="\#(top)" width="16" height="\#(height)"/>"#
        let ticks = scale.ticks
        for (tick, label) in zip(ticks, labels(ticks)) {
            guard let share = scale.share(tick) else { continue }
            let y = top + height * (1 - share)
            drawn += """
                <path class="frame" d="M\(x + 16) \(y)h5"/>\
                <text class="tick" x="\(x + 25)" y="\(y + 4)">\(label)</text>
                """
        }
        return drawn
    }

    /// Arrow heads where values lie beyond an end of the scale.
    private func openEnds(x: Double, top: Double, bottom: Double) -> HTML {
        var drawn: HTML = ""
        if scale.isOpenAbove, let darkest = colours.last {
            drawn += #"<path class="frame" d="M\#(x) \#(top)l8 -11 8 11" style="fill:\#(darkest)"/>"#
        }
        if scale.isOpenBelow, let palest = colours.first {
            drawn += #"<path class="frame" d="M\#(x) \#(bottom)l8 11 8 -11" style="fill:\#(palest)"/>"#
        }
        return drawn
    }

    /// Powers of ten as such where the scale reaches beyond plain numbers.
    private func labels(_ ticks: [Double]) -> [String] {
        guard layer.isLogarithmic else { return Axis.labels(ticks) }
        let isPlain = ticks.allSatisfy { (0.0999..<10_001).contains($0) }
        return ticks.map { tick in
            let exponent = log10(tick)
            guard !isPlain, let power = Int(exactly: (exponent * 1e6).rounded() / 1e6) else {
                return NumberText.significant(tick, digits: 2) ?? ""
            }
            return "10" + NumberText.superscript(power)
        }
    }
}
