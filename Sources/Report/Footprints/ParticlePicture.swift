import Foundation
import Geo
import Transport

/// Where the particles of a receptor were: from above, and by height and time. Colour tells the hours from it.
struct ParticlePicture {
    /// Dots of one drawing; a dot of every so many rows is drawn when there are more.
    private static let mostDots = 6000
    private static let colours = 12

    private let table: ParticleTable
    private let receptor: Receptor
    private let rows: [Int]
    private let hours: Double
    private let frame: MapFrame
    private let number: Int

    /// Nil for a table without rows, and for particles all round the globe.
    init?(_ table: ParticleTable, of receptor: Receptor, number: Int) {
        let stride = max(1, (table.count + Self.mostDots - 1) / Self.mostDots)
        // A stride that shares a factor with the rows of a particle would draw the same ages over and over.
        let rows = Swift.stride(from: 0, to: table.count, by: stride | 1).filter {
            table.longitude[$0].isFinite && table.latitude[$0].isFinite && table.heightMetres[$0].isFinite
                && table.minutes[$0].isFinite
        }
        let longest = rows.map { abs(table.minutes[$0]) }.max() ?? 0
        let place = receptor.meanPlace
        guard longest > 0, let box = Self.box(table, rows, place) else { return nil }
        self.table = table
        self.receptor = receptor
        self.rows = rows
        self.number = number
        hours = longest / 60
        frame = MapFrame(box: box)
    }

    private static func box(_ table: ParticleTable, _ rows: [Int], _ place: ReceptorPoint) -> BoundingBox? {
        let east = rows.map { turned(table.longitude[$0] - place.longitude) }.sorted()
        let north = rows.map { table.latitude[$0] }.sorted()
        func edge(_ values: [Double], _ share: Double) -> Double {
            values[min(values.count - 1, Int(share * Double(values.count - 1)))]
        }
        var (west, right) = (min(0, edge(east, 0.005)), max(0, edge(east, 0.995)))
        var (south, top) = (min(place.latitude, edge(north, 0.005)), max(place.latitude, edge(north, 0.995)))
        let margin = max(0.02, 0.06 * max(right - west, top - south))
        (west, right) = (west - margin, right + margin)
        (south, top) = (max(-90, south - margin), min(90, top + margin))
        guard right - west < 350 else { return nil }
        let start = turned(place.longitude + west)
        let end = turned(place.longitude + right)
        return BoundingBox(west: start, south: south, east: end, north: top)
    }

    private static func turned(_ degrees: Double) -> Double {
        let rest = degrees.truncatingRemainder(dividingBy: 360)
        return rest >= 180 ? rest - 360 : rest < -180 ? rest + 360 : rest
    }

    private func colourClass(_ row: Int) -> Int {
        min(Self.colours - 1, Int(abs(table.minutes[row]) / 60 / hours * Double(Self.colours)))
    }

    private static func colour(_ index: Int) -> String {
        // The palest colours of the scale are lost on white.
        Palette.hex(Palette.sequentialColour(0.2 + 0.8 * Double(colours - 1 - index) / Double(colours - 1)))
    }

    /// Dots of one colour are one path; the oldest lie below.
    private func dots(_ place: (Int) -> SIMD2<Double>?) -> HTML {
        var paths = [String](repeating: "", count: Self.colours)
        for row in rows {
            guard let point = place(row) else { continue }
            paths[colourClass(row)] += "M\(pixels(point.x)) \(pixels(point.y))h0"
        }
        return paths.enumerated().reversed().filter { !$0.element.isEmpty }.map { index, path -> HTML in
            #"<path class="particle" stroke="\#(Self.colour(index))" d="\#(path)"/>"#
        }.joined("\n")
    }

    // MARK: - From above

    func plan(_ context: ReportContext) -> HTML {
        let total = frame.right + 120
        let rectangle: HTML = """
            x="\(MapFrame.left)" y="\(MapFrame.top)" width="\(frame.width)" height="\(frame.height)"
            """
        let place = receptor.meanPlace
        let (x, y) = (frame.x(place.longitude), frame.y(place.latitude))
        return """
            <svg class="map" viewBox="0 0 \(total) \(frame.bottom + 24)" style="max-width:\(total)px" \
            preserveAspectRatio="xMinYMin" role="img" aria-label="\(context.words(.planFigure, receptor.name))">
            <clipPath id="plan-\(number)"><rect \(rectangle)/></clipPath>
            <rect \(rectangle) fill="#fbfcfd"/>
            <g clip-path="url(#plan-\(number))">
            \(dots { SIMD2(frame.x(table.longitude[$0]), frame.y(table.latitude[$0])) })
            </g>
            \(frame.graticule)
            <rect class="frame" \(rectangle)/>
            <path class="station" d="M\(x) \(y - 7)l6.5 11.5h-13z"/>
            \(frame.scaleBar(context))\(frame.northArrow(context))
            \(legend(context))
            </svg>
            """
    }

    /// Hours from the receptor, in steps of colour.
    private func legend(_ context: ReportContext) -> HTML {
        let x = frame.right + 22
        let top = MapFrame.top + 36
        let height = min(frame.height - 52, 260)
        let step = height / Double(Self.colours)
        var drawn: HTML =
            #"<text class="axis" x="\#(x)" y="\#(MapFrame.top + 14)">\#(context.words(.hoursKey))</text>"#
        for index in 0..<Self.colours {
            drawn += """
                <rect x="\(x)" y="\(top + Double(index) * step)" width="16" height="\(step + 0.3)" \
                fill="\(Self.colour(index))"/>
                """
        }
        drawn += #"<rect class="frame" x="\#(x)" y="\#(top)" width="16" height="\#(height)"/>"#
        let ticks = Axis.ticks(0, hours, about: 5)
        for (tick, label) in zip(ticks, Axis.labels(ticks)) {
            let y = top + height * tick / hours
            drawn += """
                <path class="frame" d="M\(x + 16) \(y)h5"/>\
                <text class="tick" x="\(x + 25)" y="\(y + 4)">\(label)</text>
                """
        }
        return drawn
    }

    // MARK: - Height and time

    func section(_ context: ReportContext) -> HTML {
        let heights = rows.map { table.heightMetres[$0] }.sorted()
        let highest = max(100, heights[min(heights.count - 1, Int(0.995 * Double(heights.count - 1)))] * 1.05)
        guard let across = Axis(0, hours, start: 62, end: 792),
            let along = Axis(0, highest, start: 272, end: 14)
        else { return "" }
        var drawn: HTML = ""
        for (tick, label) in zip(along.ticks, Axis.labels(along.ticks)) {
            drawn += """
                <path class="grid" d="M\(across.start) \(along(tick))H\(across.end)"/>\
                <text class="tick" x="\(across.start - 7)" y="\(along(tick) + 4)" text-anchor="end">\(label)</text>
                """
        }
        for (tick, label) in zip(across.ticks, Axis.labels(across.ticks)) {
            drawn += """
                <path class="grid" d="M\(across(tick)) \(along.start)V\(along.end)"/>\
                <text class="tick" x="\(across(tick))" y="\(along.start + 17)" text-anchor="middle">\(label)</text>
                """
        }
        let points = dots { row in
            let height = table.heightMetres[row]
            return height <= highest ? SIMD2(across(abs(table.minutes[row]) / 60), along(height)) : nil
        }
        let middle = (along.start + along.end) / 2
        return """
            <svg class="chart" viewBox="0 0 806 314" style="max-width:806px" role="img" \
            aria-label="\(context.words(.sectionFigure, receptor.name))">
            \(drawn)
            \(points)
            <path class="frame" d="M\(across.start) \(along.end)V\(along.start)H\(across.end)"/>
            <text class="axis" x="\((across.start + across.end) / 2)" y="308" text-anchor="middle">\
            \(context.words(.hoursAxis))</text>
            <text class="axis" x="14" y="\(middle)" text-anchor="middle" transform="rotate(-90 14 \(middle))">\
            \(context.words(.heightAxis))</text>
            </svg>
            """
    }
}
