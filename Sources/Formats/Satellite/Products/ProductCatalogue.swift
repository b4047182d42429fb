import Quantities

/// The layouts we know. The first whose signature a file has is taken, so the more particular stand before.
enum ProductCatalogue {
    static let families: [ProductFamily] = [
        .lite, .levelTwoStandard, .gosat2, .gosat2Methane, .nies, .niesMethane, .tanSat,
        .climateInitiative(.co2),
        .climateInitiative(.ch4), .sentinelMethane, .blendedMethane, .smartcarb,
    ]

    static func family(of inventory: FileInventory) throws(SatelliteError) -> ProductFamily {
        guard let family = families.first(where: { $0.signature.matches(inventory) }) else {
            throw .unknownProduct(
                path: inventory.path,
                lookedFor: families.map(\.name),
                found: inventory.paths
            )
        }
        return family
    }
}
