import Quantities

/// How an account is made: the factors, in the order in which they are asked, and the potentials.
public struct AccountingMethod: Sendable {
    /// Where the factor of electricity comes from.
    public enum GridChoice: Sendable {
        /// The table's factor for the region and year of the activity.
        case table(GridFactors)
        /// The table's factor for the region and another year, which the lineage then tells.
        case tableOfYear(GridFactors, Int)
        /// The table's factor of another region or year, which the lineage then tells.
        case fixed(GridFactors.Record)
        /// A factor of the user's.
        case stated(kilogramsPerKilowattHour: Double, source: String)
    }

    public let catalogue: FuelCatalogue
    /// For each gas of a carrier, the first that has a factor is used.
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
        let totals = AccountTotals(lines).all
        try Self.requireFinite(lines, totals)
        return Account(
            year: first.period.year,
            scope: first.scope,
            potentials: potentials.report,
            lines: lines,
            totals: totals,
            warnings: AccountWarnings(lines: lines, activities: activities, method: self).all,
            naiveSumTonnes: lines.filter {
                $0.category.isDirect || [.feedstock, .transformation].contains($0.category)
            }.reduce(0) { $0 + $1.tonnesCarbonDioxideEquivalent }
        )
    }

    /// Amounts that no territory emits would end as infinite sums.
    private static func requireFinite(
        _ lines: [AccountLine],
        _ totals: [AccountTotal]
    ) throws(AccountingError) {
        let areFinite = totals.allSatisfy {
            $0.emission.mean.isFinite && $0.emission.standardDeviation.isFinite
        }
        let largest = lines.max {
            abs($0.tonnesCarbonDioxideEquivalent) < abs($1.tonnesCarbonDioxideEquivalent)
        }
        guard !areFinite, let largest else { return }
        throw AccountingError(
            .unusable(
                "the emission is too large to be added (\(shortNumber(largest.quantity)) \(largest.unit))",
                remedy: "check quantity and unit"
            ),
            at: largest.place.at("quantity")
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
        return try fuelLines(activity, category, carrier)
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
