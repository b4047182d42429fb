import Foundation

/// A classification of sectors brought to another, many to one, as data with a version.
public struct SectorMap: Hashable, Sendable {
    public let id: String
    public let version: String
    /// Native code to standard code.
    public let standard: [String: String]

    public init(id: String, version: String, standard: [String: String]) {
        self.id = id
        self.version = version
        self.standard = standard
    }

    /// Sums by standard sector, and what the map does not know.
    public struct Mapped: Equatable, Sendable {
        public let totals: [String: Double]
        /// Native codes that the map lacks, with their amounts: never dropped, always told.
        public let unmapped: [String: Double]

        public var unmappedTotal: Double { unmapped.keys.sorted().reduce(0) { $0 + (unmapped[$1] ?? 0) } }
    }

    public func apply(_ amounts: [(sector: String, amount: Double)]) -> Mapped {
        var totals: [String: Double] = [:]
        var unmapped: [String: Double] = [:]
        for (sector, amount) in amounts {
            if let target = standard[sector] {
                totals[target, default: 0] += amount
            } else {
                unmapped[sector, default: 0] += amount
            }
        }
        return Mapped(totals: totals, unmapped: unmapped)
    }
}

/// Which of the sector files of EDGAR may be added up.
public enum EDGARSectors {
    /// The sector code in the name of a file: `v8.0_FT2022_GHG_CO2_2022_ENE_emi.nc` is of `ENE`; nil without one.
    public static func code(inFileName name: String) -> String? {
        var stem = name.split(separator: "/").last.map(String.init) ?? name
        for ending in [".0.1x0.1", ".nc", "_emi", "_flx", "_nc", ".zip"] {
            if let found = stem.range(of: ending, options: .backwards) {
                stem.removeSubrange(found.lowerBound...)
            }
        }
        let parts = stem.split(separator: "_").map(String.init)
        guard let year = parts.lastIndex(where: { $0.count == 4 && Int($0) != nil }), year + 1 < parts.count
        else {
            return nil
        }
        return parts[(year + 1)...].joined(separator: "_")
    }

    /// The codes to add up, and those to leave out with the reason: `TOTALS` beside sectors, the whole of fossil fuel
    /// production beside its parts, road transport without resuspension beside road transport.
    public static func selection(_ codes: [String]) -> (
        used: [String], skipped: [(code: String, reason: String)]
    ) {
        let known = Set(codes)
        var skipped: [(code: String, reason: String)] = []
        var seen: Set<String> = []
        let used = codes.filter { code in
            if let reason = reason(code, known, isRepeated: !seen.insert(code).inserted) {
                skipped.append((code, reason))
                return false
            }
            return true
        }
        return (used, skipped)
    }

    private static let fuels: Set = ["PRO_COAL", "PRO_OIL", "PRO_GAS"]

    private static func reason(_ code: String, _ known: Set<String>, isRepeated: Bool) -> String? {
        if isRepeated { return "given twice" }
        if code == "TOTALS", known.count > 1 { return "it is the sum of the sectors" }
        if code == "PRO_FFF", !known.isDisjoint(with: fuels) {
            let parts = known.intersection(fuels).sorted()
            // With some fuels missing the whole is the better of the two.
            return parts.count == fuels.count ? "it is the sum of \(parts.joined(separator: ", "))" : nil
        }
        if fuels.contains(code), known.contains("PRO_FFF"), !fuels.isSubset(of: known) {
            return "it is a part of PRO_FFF"
        }
        if code == "TRO_noRES", known.contains("TRO") { return "it is a part of TRO" }
        return nil
    }
}
