public import Quantities

/// Values on several calibration scales, which are never fused: between two scales lies a bias that no averaging
/// removes.
public struct ScaleMixture: Fault, Equatable {
    /// A scale and who is on it, in the order of their names.
    public struct Group: Equatable, Sendable {
        public let scale: CalibrationScale
        public let members: [String]
    }

    public let gas: Gas
    /// In the order of the scales' names.
    public let groups: [Group]

    public var exitStatus: ExitStatus { .badData }

    public var what: String {
        let listed = groups.map { "\($0.scale): \($0.members.joined(separator: ", "))" }
        return "\(gas.rawValue) values on different scales are not fused (\(listed.joined(separator: "; ")))"
    }

    public var place: String { "" }

    public var remedy: String {
        let names = Set(groups.map(\.scale))
        guard names.isDisjoint(with: [.uncalibrated, .unstated]) else {
            return "calibrate the instruments that are tied to no scale, or leave them out"
        }
        return names == [.co2X2007, .co2X2019]
            ? "bring them to one scale, e.g. with --scale WMO-CO2-X2019" : "use instruments on one scale"
    }

    /// The one scale of what is to be fused; nil where there is nothing.
    /// - Parameters:
    ///   - members: who is on what scale, e.g. station and instrument of each series.
    ///   - gas: of all members.
    ///   - requiresTie: whether instruments that are tied to no scale are refused also among themselves: two
    ///     of these have nothing in common but the name.
    /// - Throws: ``ScaleMixture`` naming who is on what.
    public static func commonScale(
        of members: some Sequence<(name: String, scale: CalibrationScale)>,
        _ gas: Gas,
        requiresTie: Bool = false
    ) throws(ScaleMixture) -> CalibrationScale? {
        var names: [CalibrationScale: Set<String>] = [:]
        for member in members { names[member.scale, default: []].insert(member.name) }
        let untied: Set<CalibrationScale> = [.uncalibrated, .unstated]
        let isLoose = requiresTie && names.contains { untied.contains($0.key) && $0.value.count > 1 }
        guard names.count > 1 || isLoose else { return names.keys.first }
        throw ScaleMixture(
            gas: gas,
            groups: names.keys.sorted { $0.rawValue < $1.rawValue }
                .map { Group(scale: $0, members: (names[$0] ?? []).sorted()) }
        )
    }

    /// The one scale of readings of one gas that carry a value; nil where none does.
    /// - Throws: ``ScaleMixture`` naming stations and instruments.
    public static func commonScale(
        of readings: some Sequence<Reading>,
        requiresTie: Bool = false
    ) throws(ScaleMixture) -> CalibrationScale? {
        var gas: Gas?
        var names: [String: Set<CalibrationScale>] = [:]
        for reading in readings where reading.valuePartsPerMillion != nil {
            gas = gas ?? reading.gas
            names["\(reading.station)/\(reading.instrument)", default: []].insert(reading.scale)
        }
        guard let gas else { return nil }
        let members = names.flatMap { name, scales in scales.map { (name: name, scale: $0) } }
        return try commonScale(of: members, gas, requiresTie: requiresTie)
    }
}
