/// How an account is made: the factors, in the order in which they are asked, and the potentials.
public struct AccountingMethod: Sendable {
    /// Where the factor of electricity comes from.
    public enum GridChoice: Sendable {
        /// The table's factor for the region and year of the activity.
        case table(GridFactors)
        /// The table's factor of another region or year, which the lineage then tells.
        case fixed(GridFactors.Record)
        /// A factor of the user's.
        case stated(kilogramsPerKilowattHour: Double, source: String)
    }

    public let catalogue: FuelCatalogue
    /// The first that has a factor for the carrier is used.
    public let sets: [FactorSet]
    public let potentials: WarmingPotentials
    public let grid: GridChoice

    public init(catalogue: FuelCatalogue, sets: [FactorSet], potentials: WarmingPotentials, grid: GridChoice)
    {
        self.catalogue = catalogue
        self.sets = sets
        self.potentials = potentials
        self.grid = grid
    }

    /// The account of activities of one year and one statistical scope.
    ///
    /// - Throws: ``AccountingError`` for activities that cannot be added, for bases that do not fit and for missing
    ///   factors; an account is whole or it is not made.
    public func account(of activities: [ActivityRecord]) throws(AccountingError) -> Account {
        guard let first = activities.first else {
            throw AccountingError(
                .unusable("no activities", remedy: "give at least one row"),
                at: TablePlace(file: "account")
            )
        }
        try Self.requireOneScope(activities)
        try Self.requireOneYear(activities)
        var lines: [AccountLine] = []
        for activity in activities { lines += try self.lines(of: activity) }
        return Account(
            year: first.period.year,
            scope: first.scope,
            potentials: potentials.report,
            lines: lines,
            totals: AccountTotals(lines).all,
            warnings: AccountWarnings(lines: lines, activities: activities, method: self).all,
            naiveSumTonnes: lines.filter {
                $0.category.isDirect || [.feedstock, .transformation].contains($0.category)
            }.reduce(0) { $0 + $1.tonnesCarbonDioxideEquivalent }
        )
    }

    private static func requireOneScope(_ activities: [ActivityRecord]) throws(AccountingError) {
        guard let first = activities.first else { return }
        if let other = activities.first(where: { $0.scope != first.scope }) {
            throw AccountingError(
                .mixedScopes(first: first.scope, at: first.place, second: other.scope),
                at: other.place.at("scope")
            )
        }
    }

    private static func requireOneYear(_ activities: [ActivityRecord]) throws(AccountingError) {
        guard let first = activities.first else { return }
        if let other = activities.first(where: { $0.period.year != first.period.year }) {
            let problem = "\(other.period.year) here and \(first.period.year) in \(first.place)"
            throw AccountingError(
                .unusable("years are mixed: \(problem)", remedy: "make one account per year"),
                at: other.place.at("period")
            )
        }
    }

    /// One line per gas that the carrier gives off.
    private func lines(of activity: ActivityRecord) throws(AccountingError) -> [AccountLine] {
        if activity.use == .release { return [try releaseLine(activity)] }
        let carrier = try catalogue.carrier(named: activity.carrier, at: activity.place.at("carrier"))
        let category = try Self.category(activity, carrier)
        if carrier.state == .electricity { return [try electricityLine(activity, category)] }
        for set in sets {
            let records = set.records(of: carrier.key)
            guard !records.isEmpty else { continue }
            var lines: [AccountLine] = []
            for record in records { lines.append(try line(activity, category, record, set)) }
            return lines
        }
        throw AccountingError(
            .missingFactor(carrier: carrier.key, sets: sets.map(\.id)),
            at: activity.place.at("carrier")
        )
    }

    private static func category(
        _ activity: ActivityRecord,
        _ carrier: Carrier
    ) throws(AccountingError) -> AccountCategory {
        switch (carrier.state, activity.use) {
        case (.electricity, .purchase): return .importedElectricity
        case (.electricity, .export): return .exportedElectricity
        case (.heat, .purchase): return .importedHeat
        case (.heat, .export): return .exportedHeat
        case (.solid, .combustion), (.liquid, .combustion), (.gas, .combustion): return .combustion
        case (.solid, .feedstock), (.liquid, .feedstock), (.gas, .feedstock): return .feedstock
        case (.solid, .transformation), (.liquid, .transformation), (.gas, .transformation):
            return .transformation
        case (.solid, .export), (.liquid, .export), (.gas, .export): return .exportedFuel
        default:
            let remedy =
                carrier.state == .electricity || carrier.state == .heat
                ? "electricity and heat have the uses purchase and export"
                : "a fuel has the uses combustion, feedstock, transformation and export"
            throw AccountingError(
                .unusable("`\(carrier.key)` has no use `\(activity.use.rawValue)`", remedy: remedy),
                at: activity.place.at("use")
            )
        }
    }
}

// MARK: - Lines

extension AccountingMethod {
    private func line(
        _ activity: ActivityRecord,
        _ category: AccountCategory,
        _ record: FactorRecord,
        _ set: FactorSet
    ) throws(AccountingError) -> AccountLine {
        let place = activity.place.at("unit")
        let product = try record.product(
            units: activity.units,
            of: activity.unit.basis,
            set: set.id,
            at: place
        )
        let (name, species) = try species(record.species, at: record.place)
        let factor = AppliedFactor(
            set: set.id,
            version: set.version,
            species: name,
            gas: species.gas,
            tonnesPerUnit: product.factor,
            basis: product.basis,
            lowerRelative95: record.lowerRelative95,
            upperRelative95: record.upperRelative95,
            hasOwnUncertainty: record.hasOwnUncertainty,
            source: record.source,
            note: record.note,
            place: record.place
        )
        return Self.line(activity, category, units: product.units, factor, species.potential)
    }

    private func electricityLine(
        _ activity: ActivityRecord,
        _ category: AccountCategory
    ) throws(AccountingError) -> AccountLine {
        guard activity.unit.basis == .kilowattHour else {
            throw AccountingError(
                .basisMismatch(
                    carrier: "electricity",
                    activity: activity.unit.basis,
                    factor: .kilowattHour,
                    set: "grid"
                ),
                at: activity.place.at("unit")
            )
        }
        let co2 = try species("co2", at: activity.place)
        let factor = try gridFactor(activity, co2.name)
        return Self.line(activity, category, units: activity.units, factor, co2.species.potential)
    }

    private func gridFactor(_ activity: ActivityRecord, _ species: String) throws(AccountingError)
        -> AppliedFactor
    {
        let record: GridFactors.Record
        switch grid {
        case .table(let table):
            record = try table.record(region: activity.region, year: activity.period.year, at: activity.place)
        case .fixed(let fixed): record = fixed
        case .stated(let value, let source):
            record = GridFactors.Record(
                level: "stated",
                region: activity.region,
                regionEnglish: activity.region,
                within: "",
                year: activity.period.year,
                kilogramsPerKilowattHour: value,
                source: source,
                note: "",
                place: TablePlace(file: source)
            )
        }
        let relative = (catalogue.carrier("electricity")?.defaultFactorPercent95 ?? 5) / 100
        return AppliedFactor(
            set: "grid-electricity",
            version: "\(record.region) \(record.year)",
            species: species,
            gas: .co2,
            tonnesPerUnit: record.kilogramsPerKilowattHour / 1000,
            basis: .kilowattHour,
            lowerRelative95: relative,
            upperRelative95: relative,
            hasOwnUncertainty: false,
            source: record.source,
            note: record.note,
            place: record.place
        )
    }

    /// A mass of gas that is stated itself.
    private func releaseLine(_ activity: ActivityRecord) throws(AccountingError) -> AccountLine {
        guard activity.unit.basis == .tonne else {
            throw AccountingError(
                .basisMismatch(
                    carrier: activity.carrier,
                    activity: activity.unit.basis,
                    factor: .tonne,
                    set: "release"
                ),
                at: activity.place.at("unit")
            )
        }
        let (name, species) = try species(activity.carrier, at: activity.place.at("carrier"))
        let factor = AppliedFactor(
            set: "release",
            version: potentials.report.rawValue,
            species: name,
            gas: species.gas,
            tonnesPerUnit: 1,
            basis: .tonne,
            lowerRelative95: 0,
            upperRelative95: 0,
            hasOwnUncertainty: true,
            source: activity.source,
            note: "",
            place: activity.place
        )
        return Self.line(activity, .release, units: activity.units, factor, species.potential)
    }

    private func species(
        _ name: String,
        at place: TablePlace
    ) throws(AccountingError) -> (name: String, species: WarmingPotentials.Species) {
        guard let found = potentials.found(name) else {
            throw AccountingError(
                .unknownWord(name, nearest: nil, known: potentials.species.keys.sorted()),
                at: place
            )
        }
        return found
    }

    private static func line(
        _ activity: ActivityRecord,
        _ category: AccountCategory,
        units: Double,
        _ factor: AppliedFactor,
        _ potential: Double
    ) -> AccountLine {
        let tonnes = units * factor.tonnesPerUnit
        return AccountLine(
            place: activity.place,
            region: activity.region,
            facility: activity.facility,
            sector: activity.sector,
            carrier: activity.carrier,
            period: activity.period.description,
            scope: activity.scope,
            use: activity.use,
            category: category,
            quality: activity.quality,
            quantity: activity.quantity,
            unit: activity.unit.spelling,
            units: units,
            basis: factor.basis,
            factor: factor,
            tonnes: tonnes,
            tonnesCarbonDioxideEquivalent: tonnes * potential,
            activityPercent95: activity.percent95,
            source: activity.source,
            asOf: activity.asOf
        )
    }
}
