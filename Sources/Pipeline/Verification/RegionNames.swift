import Quantities
import Report

/// The Chinese names of regions and facilities: one name stands for one of them on the whole page, whichever table of
/// the case gives it.
struct RegionNames: Sendable {
    private var chinese: [String: String] = [:]

    /// - Parameter regions: they go before the names of any other table.
    init(_ regions: [ReportPlan.RegionName]) {
        for region in regions {
            for spelling in [region.name.english] + region.spellings { learn(spelling, region.name.chinese) }
        }
    }

    /// Keeps the first Chinese name that is given.
    mutating func learn(_ name: LocalizedName) { learn(name.english, name.chinese) }

    private mutating func learn(_ spelling: String, _ name: String) {
        guard name != spelling, chinese[spelling] == nil else { return }
        chinese[spelling] = name
    }

    /// The English name is kept: review cases and facilities are found by it.
    func named(_ name: LocalizedName) -> LocalizedName {
        chinese[name.english].map { LocalizedName(english: name.english, chinese: $0) } ?? name
    }
}

extension ReportContentBuilder {
    /// Gives every table the names that any of them has.
    mutating func nameRegions() {
        if var databases = content.databases {
            for index in databases.regions.indices {
                databases.regions[index].name = names.named(databases.regions[index].name)
            }
            content.databases = databases
        }
        for index in content.residuals.indices {
            content.residuals[index].facility = names.named(content.residuals[index].facility)
        }
        for index in content.sensitivity.indices {
            content.sensitivity[index].quantity = names.named(content.sensitivity[index].quantity)
        }
        for index in content.budget.indices {
            content.budget[index].quantity = names.named(content.budget[index].quantity)
        }
        for index in content.targets.indices {
            content.targets[index].region = names.named(content.targets[index].region)
        }
    }
}
