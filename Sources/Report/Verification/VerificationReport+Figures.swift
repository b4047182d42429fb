import Quantities

extension VerificationReport {
    func mapParts(_ context: ReportContext) -> [ReportFigure.Part] {
        guard map.layer != nil || !map.sites.isEmpty || map.mask != nil || !map.boundaries.isEmpty else {
            return []
        }
        let figure = MapFigure(map, context: context)
        var caption = Message.mapFigure.text
        if let layer = map.layer {
            caption = Message.mapFigureLayer.filled(layer.name, LocalizedName(english: layer.unit))
        }
        let credit = Message.credit.filled(map.boundaryCredit)
        let lacking = figure.lacksLayer ? Message.noMapData.text : nil
        return [.init(drawing: figure.drawing, caption: caption, note: lacking ?? credit)]
    }

    func fluxParts(_ context: ReportContext) -> [ReportFigure.Part] {
        content.fluxMaps.enumerated().compactMap { index, layer in
            var bare = map
            bare.layer = layer
            bare.sites = []
            let figure = MapFigure(bare, context: context, number: index + 1)
            guard !figure.lacksLayer else { return nil }
            let caption = LocalizedName(
                english: "\(layer.name.english), \(layer.unit)",
                chinese: "\(layer.name.chinese)（\(layer.unit)）"
            )
            return .init(drawing: figure.drawing, caption: caption)
        }
    }

    /// Groups by sector first, as F4 is about them; all others follow.
    func barParts(_ context: ReportContext) -> [ReportFigure.Part] {
        let ordered = groups.filter { $0.role == .sectors } + groups.filter { $0.role != .sectors }
        let parts = ordered.compactMap { group -> ReportFigure.Part? in
            guard !group.comparisons.isEmpty,
                let bars = ComparisonBars(group: group, context: context)
            else { return nil }
            return .init(
                drawing: bars.drawing,
                caption: Message.comparisonFigure.filled(group.title),
                note: barNote(group, bars)
            )
        }
        guard parts.isEmpty, let bars = SectorBars(content.sectors, context: context) else { return parts }
        return [.init(drawing: bars.drawing, caption: SectorBars.caption, note: bars.note)]
    }

    /// How many are not drawn, and what a bar without a whisker means.
    private func barNote(_ group: ComparisonGroup, _ bars: ComparisonBars) -> LocalizedName? {
        var notes: [LocalizedName] = []
        if group.comparisons.count > ComparisonBars.limit {
            notes.append(
                Message.barsOmitted.filled(
                    LocalizedName(english: String(ComparisonBars.limit)),
                    LocalizedName(english: String(group.comparisons.count))
                )
            )
        }
        if bars.lacksDeviation { notes.append(Message.barsWithoutDeviation.text) }
        guard !notes.isEmpty else { return nil }
        return LocalizedName(
            english: notes.map(\.english).joined(separator: " "),
            chinese: notes.map(\.chinese).joined()
        )
    }

    func observationParts(_ context: ReportContext) -> [ReportFigure.Part] {
        let fit = fit.filter { $0.observed.isFinite }
        let unit = LocalizedName(english: fitUnit)
        var parts: [ReportFigure.Part] = []
        func clipped(_ count: Int) -> LocalizedName? {
            count > 0 ? Message.clipped.filled(LocalizedName(english: HTMLReport.whole(count))) : nil
        }
        if let series = FitSeries(fit, unit: fitUnit, context: context) {
            let caption = Message.fitSeries.filled(unit)
            parts.append(.init(drawing: series.drawing, caption: caption, note: clipped(series.clipped)))
        } else if let scatter = FitScatter(fit, unit: fitUnit, context: context) {
            let note = scatter.isDensity ? Message.density.text : clipped(scatter.clipped)
            parts.append(
                .init(drawing: scatter.drawing, caption: Message.fitScatter.filled(unit), note: note)
            )
        }
        if let histogram = ResidualHistogram(fit, unit: fitUnit, context: context) {
            parts.append(.init(drawing: histogram.drawing, caption: Message.fitResiduals.filled(unit)))
        }
        return parts
    }

    func seriesParts(_ context: ReportContext) -> [ReportFigure.Part] {
        var regions: [LocalizedName] = []
        for series in content.series where !regions.contains(series.region) { regions.append(series.region) }
        return regions.prefix(6).compactMap { region in
            let own = content.series.filter { $0.region == region }
            guard let chart = SeriesChart(own, context: context) else { return nil }
            return .init(
                drawing: chart.drawing,
                caption: SeriesChart.caption(region, own),
                note: SeriesChart.note(own)
            )
        }
    }

    func databaseParts(_ context: ReportContext) -> [ReportFigure.Part] {
        guard let databases = content.databases, databases.databases.count > 1,
            let chart = DatabaseChart(databases, context: context)
        else { return [] }
        return [.init(drawing: chart.drawing, caption: DatabaseChart.caption(databases), note: chart.note)]
    }

    func quadrantParts(_ context: ReportContext) -> [ReportFigure.Part] {
        guard let quadrant = content.quadrant,
            let drawing = QuadrantDrawing(quadrant, context: context)?.drawing
        else { return [] }
        return [.init(drawing: drawing, caption: QuadrantDrawing.caption(quadrant))]
    }

    func scenarioParts(_ context: ReportContext) -> [ReportFigure.Part] {
        guard let scenario = content.scenario, let chart = ScenarioChart(scenario, context: context) else {
            return []
        }
        return [.init(drawing: chart.drawing, caption: ScenarioChart.caption(scenario))]
    }
}

extension Message {
    /// The text with its placeholders filled, in both languages.
    func filled(_ values: LocalizedName...) -> LocalizedName {
        func fill(_ language: Language) -> String {
            values.enumerated().reduce(text[language]) { text, value in
                text.split(separator: "{\(value.offset)}", omittingEmptySubsequences: false)
                    .joined(separator: value.element[language])
            }
        }
        return LocalizedName(english: fill(.english), chinese: fill(.chinese))
    }
}
