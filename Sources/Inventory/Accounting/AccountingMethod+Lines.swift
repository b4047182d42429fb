extension AccountingMethod {
    /// A factor with the set that it comes from.
    private struct Found {
        let record: FactorRecord
        let set: FactorSet
    }

    /// One line per gas. Methane and nitrous oxide are of combustion alone; of feedstock, transformation and exports
    /// only the carbon is told.
    func fuelLines(
        _ activity: ActivityRecord,
        _ category: AccountCategory,
        _ carrier: Carrier
    ) throws(AccountingError) -> [AccountLine] {
        var found: [Found] = []
        for set in sets {
            for record in set.records(of: carrier.key)
            where !found.contains(where: { $0.record.species == record.species }) {
                found.append(Found(record: record, set: set))
            }
        }
        let carbonDioxide = found.first { $0.record.species == "co2" }
        if category != .combustion { found = carbonDioxide.map { [$0] } ?? [] }
        guard !found.isEmpty else {
            throw AccountingError(
                .missingFactor(carrier: carrier.key, sets: sets.map(\.id)),
                at: activity.place.at("carrier")
            )
        }
        var lines: [AccountLine] = []
        for factor in found { lines.append(try line(activity, category, factor, carbonDioxide?.record)) }
        return lines
    }

    /// - Parameter carbonDioxide: whose calorific value turns the activity into energy where the factor of another gas
    ///   is per GJ, as those of the guidelines are (2006 IPCC, Volume 2, equation 2.1).
    private func line(
        _ activity: ActivityRecord,
        _ category: AccountCategory,
        _ found: Found,
        _ carbonDioxide: FactorRecord?
    ) throws(AccountingError) -> AccountLine {
        let (record, set) = (found.record, found.set)
        var (units, basis) = (activity.units, activity.unit.basis)
        var calorific = (lower: 0.0, upper: 0.0)
        if record.species != "co2", record.basis == .gigajoule, let carbonDioxide,
            carbonDioxide.basis == basis, basis != .gigajoule, let value = carbonDioxide.calorificValue
        {
            (units, basis, calorific) = (units * value.value, .gigajoule, value.relative)
        }
        let place = activity.place.at("unit")
        let product = try record.product(units: units, of: basis, set: set.id, at: place)
        let (name, species) = try species(record.species, at: record.place)
        func joined(_ first: Double, _ second: Double) -> Double {
            (first * first + second * second).squareRoot()
        }
        let factor = AppliedFactor(
            set: set.id,
            version: set.version,
            species: name,
            gas: species.gas,
            tonnesPerUnit: product.factor,
            basis: product.basis,
            lowerRelative95: joined(record.lowerRelative95, calorific.lower),
            upperRelative95: joined(record.upperRelative95, calorific.upper),
            hasOwnUncertainty: record.hasOwnUncertainty,
            source: record.source,
            note: record.note,
            place: record.place
        )
        return Self.line(activity, category, units: product.units, factor, species.potential)
    }

    func electricityLine(
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
        case .tableOfYear(let table, let year):
            record = try table.record(region: activity.region, year: year, at: activity.place)
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
    func releaseLine(_ activity: ActivityRecord) throws(AccountingError) -> AccountLine {
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
