import Quantities

// T1, T2, T3, T5 without an inversion, and T10.
extension VerificationReport {
    var scopeTable: ReportTable? {
        var facts: [ScopeFact] = []
        if let region { facts.append(ScopeFact(name: Message.region.text, value: region)) }
        if let gas {
            facts.append(ScopeFact(name: Message.gas.text, value: LocalizedName(english: gas.formula)))
        }
        if let period {
            facts.append(ScopeFact(name: Message.period.text, value: TemplateText.period(period)))
        }
        facts += scope.map { ScopeFact(name: $0.name, value: $0.value) } + content.scope
        let rows = facts.map { ReportTable.Row([.text($0.name), .text($0.value)], inputs: $0.inputs) }
        return table(.scope, Columns.fact, rows)
    }

    var observationTable: ReportTable? {
        let rows = observations.map { use in
            let capture = use.available > 0 ? Double(use.used) / Double(use.available) : .nan
            return ReportTable.Row(
                [
                    .text(use.name), .text(LocalizedName(english: use.scale)), .count(use.available),
                    .count(use.used), .share(capture), .text(TemplateText.exclusions(use)),
                ],
                inputs: observationInputs
            )
        }
        return table(.observations, Columns.observation, rows)
    }

    var inventoryTable: ReportTable? {
        let rows = content.sectors.map { sector in
            ReportTable.Row(
                [
                    .text(sector.name), .text(sector.unit), .estimate(sector.emission),
                    sector.share.isFinite ? .share(sector.share) : .empty, .text(sector.method),
                ],
                group: sector.group,
                inputs: sector.inputs
            )
        }
        return table(.inventory, Columns.sector, rows)
    }

    var databaseTable: ReportTable? {
        guard let databases = content.databases else { return nil }
        let columns =
            [Columns.region, Columns.unit]
            + zip(databases.keys, databases.databases).map { ReportTable.Column($0, $1, .estimate) }
            + (databases.keys.count > 1 ? Columns.spread : [])
        let rows = databases.regions.map { region in
            ReportTable.Row(
                [.text(region.name), .text(databases.unit)]
                    + region.values.enumerated().map { index, value in
                        value.map { .estimate($0) } ?? region.reasons[index].map { .unknown($0) } ?? .empty
                    }
                    + (databases.keys.count > 1 ? Self.spread(region, databases) : []),
                inputs: databases.inputs
            )
        }
        return table(.subRegions, columns, rows, databases.notes)
    }

    private static func spread(
        _ region: DatabaseComparison.Region,
        _ databases: DatabaseComparison
    ) -> [ReportTable.Cell] {
        let apart = region.outliers.filter(databases.databases.indices.contains).map {
            databases.databases[$0]
        }
        return [
            median(region), region.relativeRange.isFinite ? .share(region.relativeRange) : .empty,
            apart.isEmpty ? .empty : .text(TemplateText.list(apart)),
        ]
    }

    /// To the digits of the least uncertain of the figures it stands beside.
    private static func median(_ region: DatabaseComparison.Region) -> ReportTable.Cell {
        let sigmas = region.values.compactMap { $0?.standardDeviation }.filter { $0 > 0 }
        guard let least = sigmas.min() else { return .number(region.median) }
        return .rounded(region.median, decimals: NumberText.decimals(uncertainty: least))
    }

    /// By source where the observations name theirs, and over all.
    var fitTable: ReportTable? {
        let used = fit.filter { $0.isUsed && $0.observed.isFinite }
        guard !used.isEmpty else { return nil }
        var sources: [LocalizedName] = []
        for source in used.compactMap(\.source) where !sources.contains(source) { sources.append(source) }
        var rows = sources.map { source in fitRow(source, used.filter { $0.source == source }) }
        if rows.count != 1 { rows.append(fitRow(TemplateText.allObservations, used)) }
        let note = isFitTuned ? Message.chiSquareTuned : Message.chiSquareNote
        return table(.fit, Columns.fit, rows, [note.text])
    }

    private func fitRow(_ name: LocalizedName, _ fit: [ObservationFit]) -> ReportTable.Row {
        let before = FitStatistics(of: fit) { $0.prior }
        let after = FitStatistics(of: fit) { $0.posterior }
        return ReportTable.Row(
            [.text(name), .text(LocalizedName(english: fitUnit)), .count(after.count)]
                + [(before.bias, after.bias), (before.rootMeanSquareError, after.rootMeanSquareError)]
                .flatMap { [.number($0.0), .number($0.1)] }
                + [before.correlation, after.correlation].map { .number($0) }
                + [before.chiSquarePerObservation, after.chiSquarePerObservation].map { .number($0) },
            inputs: fitInputs
        )
    }
}
