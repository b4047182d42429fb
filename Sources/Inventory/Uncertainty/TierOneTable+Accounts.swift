extension TierOneTable {
    /// The table of two accounts' direct emissions, one row per carrier and gas. Errors of factors are those of the
    /// later year and common to both, errors of activities are independent.
    ///
    /// - Throws: ``AccountingError`` when the accounts are of different scopes or potentials, whose difference is no
    ///   trend.
    public init(from base: Account, to account: Account) throws(AccountingError) {
        let place = TablePlace(file: "trend from \(base.year) to \(account.year)")
        if base.scope != account.scope {
            throw AccountingError(
                .mixedScopes(first: base.scope, at: place, second: account.scope),
                at: place
            )
        }
        guard base.potentials == account.potentials else {
            throw AccountingError(
                .unusable(
                    "warming potentials of \(base.potentials.rawValue) and \(account.potentials.rawValue)",
                    remedy: "make both accounts with one report"
                ),
                at: place
            )
        }
        let (before, after) = (Self.sums(base), Self.sums(account))
        let keys = Set(before.keys).union(after.keys).sorted {
            ($0.carrier, $0.gas.rawValue) < ($1.carrier, $1.gas.rawValue)
        }
        self.init(
            keys.compactMap { key in
                guard let known = after[key] ?? before[key] else { return nil }
                return TierOneCategory(
                    category: key.carrier,
                    gas: key.gas,
                    baseTonnes: before[key]?.tonnes ?? 0,
                    tonnes: after[key]?.tonnes ?? 0,
                    activityPercent: known.activityPercent,
                    factorPercent: known.factorPercent
                )
            }
        )
    }

    /// The table of one account alone: columns A and B, D to H; without a base year it has no trend.
    public init(of account: Account) {
        let sums = Self.sums(account)
        let keys = sums.keys.sorted { ($0.carrier, $0.gas.rawValue) < ($1.carrier, $1.gas.rawValue) }
        self.init(
            keys.compactMap { key in
                sums[key].map {
                    TierOneCategory(
                        category: key.carrier,
                        gas: key.gas,
                        baseTonnes: 0,
                        tonnes: $0.tonnes,
                        activityPercent: $0.activityPercent,
                        factorPercent: $0.factorPercent
                    )
                }
            }
        )
    }

    private struct Key: Hashable {
        let carrier: String
        let gas: GreenhouseGas
    }

    private struct Sum {
        var tonnes = 0.0
        /// Independent errors add in quadrature, t^2.
        var activitySquares = 0.0
        /// A common error adds, t.
        var factor = 0.0

        var activityPercent: Double { tonnes == 0 ? 0 : activitySquares.squareRoot() / tonnes }
        var factorPercent: Double { tonnes == 0 ? 0 : factor / tonnes }
    }

    private static func sums(_ account: Account) -> [Key: Sum] {
        var sums: [Key: Sum] = [:]
        for line in account.lines where line.category.isDirect {
            let tonnes = line.tonnesCarbonDioxideEquivalent
            var sum = sums[Key(carrier: line.carrier, gas: line.factor.gas)] ?? Sum()
            sum.tonnes += tonnes
            sum.activitySquares += tonnes * line.activityPercent95 * tonnes * line.activityPercent95
            sum.factor += tonnes * line.factor.percent95
            sums[Key(carrier: line.carrier, gas: line.factor.gas)] = sum
        }
        return sums
    }
}
