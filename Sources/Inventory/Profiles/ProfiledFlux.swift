import Geo
import Quantities

/// A flux field whose cells follow a cycle in their local time.
public struct ProfiledFlux: Sendable {
    public let field: FluxField
    private let zones: [HourlyFactors]
    /// Index into the zones for each cell.
    private let zoneOfCell: [UInt8]

    /// Nil where ``HourlyFactors`` has none for the field's period, or the zones are more than 256.
    ///
    /// - Parameter secondsAhead: of a cell, by its number; by the sun where nil.
    public init?(_ field: FluxField, _ cycle: ActivityCycle, secondsAhead: ((Int) -> Double)? = nil) {
        let rule = TimeZoneRule()
        let grid = field.grid
        let ofColumn = (0..<grid.columns).map { rule.secondsAhead(longitude: grid.longitude.centre($0)) }
        var zones: [HourlyFactors] = []
        var known: [Double: UInt8] = [:]
        var zoneOfCell: [UInt8] = []
        zoneOfCell.reserveCapacity(grid.cellCount)
        for cell in 0..<grid.cellCount {
            let ahead = secondsAhead?(cell) ?? ofColumn[cell % grid.columns]
            if known[ahead] == nil {
                guard zones.count < 256,
                    let factors = HourlyFactors(cycle, period: field.period, secondsAhead: ahead)
                else { return nil }
                known[ahead] = UInt8(zones.count)
                zones.append(factors)
            }
            zoneOfCell.append(known[ahead] ?? 0)
        }
        self.field = field
        self.zones = zones
        self.zoneOfCell = zoneOfCell
    }

    public var hours: Int { zones.first?.factors.count ?? 0 }

    /// umol m-2 s-1 of each cell in an hour, counted from the start of the period; their mean is the field.
    public func microMolesPerSquareMetreSecond(hour: Int) -> [Double] {
        let factors = zones.map { $0.factors[hour] }
        return field.microMolesPerSquareMetreSecond.indices.map { cell in
            field.microMolesPerSquareMetreSecond[cell] * factors[Int(zoneOfCell[cell])]
        }
    }

    /// One hour as a field of its own.
    public func field(hour: Int) -> FluxField {
        let start = field.period.start.advanced(bySeconds: 3600 * Double(hour))
        return FluxField(
            grid: field.grid,
            gas: field.gas,
            microMolesPerSquareMetreSecond: microMolesPerSquareMetreSecond(hour: hour),
            period: Period(start: start, end: start.advanced(bySeconds: 3600)),
            source: field.source
        )
    }
}
