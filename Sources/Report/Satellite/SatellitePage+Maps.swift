import Geo
import Gridding
import Quantities

extension SatellitePage {
    /// Mean, standard error and number of soundings.
    static func mapSection(
        _ report: SatelliteReport,
        _ cells: SatelliteCells,
        _ context: inout ReportContext
    ) -> HTML {
        let title = context.phrase(.mapsTitle)
        guard let columns = report.windows.first, !cells.cells.isEmpty,
            let frame = frame(report, columns.grid)
        else {
            let none: HTML = #"<p class="absent">\#(context.phrase(.noCells))</p>"#
            return HTMLReport.section("maps", title, none)
        }
        let gas = "X" + columns.gas.formula
        let counts = cells.counts.map(Double.init)
        let isWide = (counts.max() ?? 1) > 30
        let maps: [(name: String, unit: String, values: [Double], isLogarithmic: Bool)] = [
            (context.phrase(.meanMap, gas, "ppm"), "ppm", cells.means, false),
            (context.phrase(.errorMap, gas, "ppm"), "ppm", cells.standardErrors, false),
            (context.phrase(.countMap), context.phrase(.countUnit), counts, isWide),
        ]
        var body: HTML = #"<p class="note">\#(context.phrase(.combined))</p>"#
        for (index, map) in maps.enumerated() {
            let layer = ReportMap.Layer(
                name: LocalizedName(english: map.name),
                unit: map.unit,
                grid: columns.grid,
                values: cells.dense(map.values, on: columns.grid),
                isLogarithmic: map.isLogarithmic
            )
            let drawing = SatelliteMap(layer, frame: frame, regions: report.regions, number: index + 1)?
                .drawing(context)
            body +=
                #"<figure id="map-\#(index + 1)">\#(drawing ?? "")\#(context.figureCaption(map.name))</figure>"#
        }
        if let projection = columns.grid.projected?.projection {
            body += #"<p class="note">\#(context.phrase(.projection, projection.title))</p>"#
        }
        if let credit = report.regions.map({ context.text($0.credit) }), !credit.isEmpty {
            body += #"<p class="note">\#(context.text(.credit, credit))</p>"#
        }
        return HTMLReport.section("maps", title, body)
    }

    /// Of a projected grid always the whole.
    private static func frame(_ report: SatelliteReport, _ grid: CellGrid) -> MapFrame? {
        switch grid {
        case .longitudeLatitude(let grid): (report.box ?? wholeBox(grid)).map { MapFrame(box: $0) }
        case .projected(let grid): MapFrame(grid)
        }
    }

    /// Nil for grids whose edges are no longitudes of a box.
    private static func wholeBox(_ grid: LatitudeLongitudeGrid) -> BoundingBox? {
        let west = grid.longitude.origin
        let east = grid.longitude.end > 360 ? grid.longitude.end - 360 : grid.longitude.end
        return BoundingBox(
            west: west,
            south: max(-90, grid.latitude.origin),
            east: east,
            north: min(90, grid.latitude.end)
        )
    }

    /// How the means and the numbers of soundings are spread.
    static func distributionSection(
        _ report: SatelliteReport,
        _ cells: SatelliteCells,
        _ context: inout ReportContext
    ) -> HTML {
        let title = context.phrase(.distributionTitle)
        guard
            let values = SatelliteHistogram(values: cells.means, title: context.phrase(.valueAxis, "ppm")),
            let counts = SatelliteHistogram(soundings: cells.counts, title: context.phrase(.countAxis))
        else {
            let none: HTML = #"<p class="absent">\#(context.phrase(.noCells))</p>"#
            return HTMLReport.section("distributions", title, none)
        }
        let middle = median(cells.means).flatMap { NumberText.significant($0, digits: 5) } ?? ""
        let label = context.phrase(.cellsAxis)
        let valueCaption = context.figureCaption(context.phrase(.valueHistogram, middle, "ppm"))
        let countCaption = context.figureCaption(context.phrase(.countHistogram))
        return HTMLReport.section(
            "distributions",
            title,
            """
            <figure>\(values.drawing(vertical: label))\(valueCaption)</figure>
            <figure>\(counts.drawing(vertical: label))\(countCaption)</figure>
            """
        )
    }

    /// What share of each region holds data.
    static func regionSection(
        _ report: SatelliteReport,
        _ cells: SatelliteCells,
        _ context: inout ReportContext
    ) -> HTML {
        guard let regions = report.regions, let columns = report.windows.first else { return "" }
        let title = context.phrase(.regionTitle)
        var coverages = RegionCoverage.all(regions, cells, on: columns.grid)
        guard !coverages.isEmpty else {
            let other: HTML = #"<p class="absent">\#(context.phrase(.otherGrid))</p>"#
            return HTMLReport.section("regions", title, other)
        }
        coverages.append(RegionCoverage(SatelliteMessage.wholeGrid.text, cells, on: columns.grid))
        var rows: [HTML] = []
        for (index, coverage) in coverages.enumerated() {
            rows.append(row(coverage, isLast: index == coverages.count - 1, &context))
        }
        let head: HTML = """
            <thead><tr><th scope="col">\(context.phrase(.region))</th>\
            <th scope="col" class="n">\(context.phrase(.cellsFilled))</th>\
            <th scope="col" class="n">\(context.phrase(.cellsTotal))</th>\
            <th scope="col">\(context.phrase(.areaShare))</th>\
            <th scope="col" class="n">\(context.phrase(.soundings))</th>\
            <th scope="col" class="n">\(context.phrase(.meanColumn))</th></tr></thead>
            """
        let table = context.table(
            id: "table-regions",
            caption: context.tableCaption(context.phrase(.regionTable)),
            head: head,
            rows: rows,
            style: "bars"
        )
        let note = context.phrase(.regionNote)
        let body: HTML = #"\#(table)\#(context.footnote())<p class="note">\#(note)</p>"#
        return HTMLReport.section("regions", title, body)
    }

    private static func row(
        _ coverage: RegionCoverage,
        isLast: Bool,
        _ context: inout ReportContext
    ) -> HTML {
        let numbers = [coverage.filled, coverage.cells, coverage.soundings].map {
            NumberText.grouped(String($0))
        }
        let mean = coverage.filled > 0 ? context.number(NumberText.fixed(coverage.mean, decimals: 2)) : "–"
        return """
            <tr\(isLast ? #" class="whole""# : "" as HTML)><th scope="row">\(context.text(coverage.name))</th>\
            <td class="n">\(numbers[0])</td><td class="n">\(numbers[1])</td>\
            <td>\(bar(coverage.share, &context))</td>\
            <td class="n">\(numbers[2])</td><td class="n">\(mean)</td></tr>
            """
    }
}
