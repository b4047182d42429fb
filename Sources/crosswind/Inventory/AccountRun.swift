import Formats
import Foundation
import Inventory
import Quantities

/// An account with all that was asked beside it.
struct AccountResult: Sendable {
    let boundary: AccountBoundary
    /// For the names of carriers.
    let catalogue: FuelCatalogue
    let account: Account
    let base: Account?
    let table: TierOneTable
    let keys: KeyCategories
    let draws: MonteCarloInventory?
    let trendDraws: MonteCarloInventory.Sum?
    let reference: ReferenceApproach?
}

extension AccountSettings {
    /// Reads, accounts and asks for the uncertainty.
    func run() async throws -> AccountResult {
        let method = try method(Self.folder)
        let account = try method.account(of: try ActivityTable.read(csvFile: activities, method.catalogue))
        let base = try trend.map { file in
            try method.account(of: try ActivityTable.read(csvFile: file, method.catalogue))
        }
        let table = try base.map { try TierOneTable(from: $0, to: account) } ?? TierOneTable(of: account)
        return AccountResult(
            boundary: boundary,
            catalogue: method.catalogue,
            account: account,
            base: base,
            table: table,
            keys: KeyCategories(account, base: base),
            draws: await monteCarlo(account),
            trendDraws: await monteCarlo(from: base, to: account),
            reference: try reference(account, method)
        )
    }

    private func monteCarlo(_ account: Account) async -> MonteCarloInventory? {
        guard let draws else { return nil }
        let emissions = account.uncertain(boundary, grouped: { $0.category.rawValue })
        return emissions.isEmpty ? nil : await .run(emissions, draws: draws, seed: seed)
    }

    private func monteCarlo(from base: Account?, to account: Account) async -> MonteCarloInventory.Sum? {
        guard let draws, let base else { return nil }
        let (before, after) = (base.uncertain(boundary), account.uncertain(boundary))
        guard !before.isEmpty, !after.isEmpty else { return nil }
        return await MonteCarloInventory.trend(from: before, to: after, draws: draws, seed: seed)
    }

    private func reference(_ account: Account, _ method: AccountingMethod) throws -> ReferenceApproach? {
        guard let balance else { return nil }
        let burnt = account.lines.filter { $0.category == .combustion && $0.factor.gas == .co2 }
        return try ReferenceApproach(
            try EnergyBalanceTable.read(csvFile: balance, method.catalogue),
            sets: method.sets,
            sectoralTonnes: burnt.reduce(0) { $0 + $1.tonnes }
        )
    }
}
