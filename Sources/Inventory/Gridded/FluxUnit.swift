public import Quantities

/// The unit in which a product gives a flux: an amount, over an area or a cell, over a time. Inside, fluxes are always
/// umol m-2 s-1.
public struct FluxUnit: Equatable, Sendable {
    /// What is counted.
    public enum Amount: Equatable, Sendable {
        /// Grams of the gas.
        case grams(Double)
        /// Grams of the carbon in the gas.
        case gramsOfCarbon(Double)
        case moles(Double)
    }

    public enum Extent: Equatable, Sendable {
        case squareMetres(Double)
        case cell
    }

    public enum Time: Equatable, Sendable {
        case seconds(Double)
        /// The true length of the calendar month that the period lies in; a twelfth of a longer period.
        case month
        /// The true length of the calendar year that the period begins in.
        case year
        /// All of the product's period.
        case period
    }

    public let amount: Amount
    public let extent: Extent
    public let time: Time

    public init(_ amount: Amount, per extent: Extent, _ time: Time) {
        self.amount = amount
        self.extent = extent
        self.time = time
    }

    public static let kilogramsPerSquareMetreSecond = FluxUnit(
        .grams(1000),
        per: .squareMetres(1),
        .seconds(1)
    )
    public static let molesPerSquareMetreSecond = FluxUnit(.moles(1), per: .squareMetres(1), .seconds(1))
    public static let microMolesPerSquareMetreSecond = FluxUnit(
        .moles(1e-6),
        per: .squareMetres(1),
        .seconds(1)
    )
    /// Amount in one cell over the product's period.
    public static let tonnesPerCell = FluxUnit(.grams(1e6), per: .cell, .period)

    public var countsCarbon: Bool { if case .gramsOfCarbon = amount { true } else { false } }
    public var isPerCell: Bool { extent == .cell }

    /// Multiplies a value in this unit to umol m-2 s-1; nil for carbon in a gas that has none.
    ///
    /// - Parameters:
    ///   - cellArea: m2, used for amounts per cell.
    ///   - period: of the product, used for amounts per month, year or period.
    public func microMolesFactor(
        _ gas: Gas,
        cellArea: Double,
        period: Period,
        carbon: CarbonRatio = .molarMasses
    ) -> Double? {
        let moles: Double
        switch amount {
        case .moles(let number): moles = number
        case .grams(let grams): moles = grams / gas.molarMassGramsPerMole
        case .gramsOfCarbon(let grams):
            guard let ratio = carbon.gramsPerGramOfCarbon(gas) else { return nil }
            moles = grams * ratio / gas.molarMassGramsPerMole
        }
        let area: Double
        switch extent {
        case .squareMetres(let size): area = size
        case .cell: area = cellArea
        }
        return 1e6 * moles / (area * seconds(period))
    }

    private func seconds(_ period: Period) -> Double {
        switch time {
        case .seconds(let seconds): seconds
        case .month: period.seconds > 32 * 86_400 ? period.seconds / 12 : Self.month(of: period)
        case .year: Self.year(of: period)
        case .period: period.seconds
        }
    }

    private static func month(of period: Period) -> Double {
        let civil = period.start.civil
        let next = civil.month == 12 ? (civil.year + 1, 1) : (civil.year, civil.month + 1)
        let start = Instant(CivilTime(year: civil.year, month: civil.month, day: 1))
        return Instant(CivilTime(year: next.0, month: next.1, day: 1)).seconds(since: start)
    }

    private static func year(of period: Period) -> Double {
        let year = period.start.civil.year
        let start = Instant(CivilTime(year: year, month: 1, day: 1))
        return Instant(CivilTime(year: year + 1, month: 1, day: 1)).seconds(since: start)
    }
}
