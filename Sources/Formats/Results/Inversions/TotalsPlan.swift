public import Inversion
import LinearAlgebra

/// The totals that results of a problem are told of.
public struct TotalsPlan: Sendable {
    /// What a total adds up.
    public enum Kind: String, Sendable {
        /// Named by the problem file or the case.
        case stated
        case region
        case sector
        /// Of one region and one sector.
        case regionAndSector = "region_and_sector"
        /// All emissions of the state.
        case all
    }

    public let functionals: LinearFunctionals
    public let kinds: [Kind]
    /// One per total.
    public let units: [String]

    /// - Precondition: one kind and unit per total.
    public init(_ functionals: LinearFunctionals, kinds: [Kind], units: [String]) {
        precondition(kinds.count == functionals.names.count && units.count == kinds.count)
        self.functionals = functionals
        self.kinds = kinds
        self.units = units
    }

    public var names: [String] { functionals.names }
    /// The common unit; nil where units differ.
    public var unit: String? { Set(units).count == 1 ? units.first : nil }
    /// Index of the sum of all emissions.
    public var all: Int? { kinds.firstIndex(of: .all) }
}

extension LinearProblemInput {
    /// Combinations of region and sector beyond this number are left out.
    private static let mostPairs = 200

    /// The totals the file states and, where it says what an element emits, those of regions and sectors and the sum;
    /// nil where it says neither. A name that is taken is followed by the kind of the later total, such as
    /// `Berlin (region)`.
    ///
    /// - Throws: ``InversionError``; a file that was read has none.
    public func totalsPlan() throws(InversionError) -> TotalsPlan? {
        var rows: [Row] = []
        if let totals {
            for (index, name) in totals.names.enumerated() {
                let weights = totals.weights.rows(index..<(index + 1)).storage
                rows.append(Row(name, .stated, totalUnit, weights, offset: totals.offsets[index]))
            }
        }
        if let emissions {
            var taken = Set(rows.map(\.name))
            rows += emissionRows(emissions).map { $0.renamed(besides: &taken) }
        }
        guard !rows.isEmpty else { return nil }
        let functionals = try LinearFunctionals(
            names: rows.map(\.name),
            weights: Matrix(
                rows: rows.count,
                columns: problem.stateCount,
                storage: rows.flatMap { $0.weights }
            ),
            offsets: rows.map(\.offset)
        )
        return TotalsPlan(functionals, kinds: rows.map(\.kind), units: rows.map(\.unit))
    }

    private struct Row {
        var name: String
        let kind: TotalsPlan.Kind
        let unit: String
        let weights: [Double]
        let offset: Double

        init(_ name: String, _ kind: TotalsPlan.Kind, _ unit: String, _ weights: [Double], offset: Double = 0)
        {
            self.name = name
            self.kind = kind
            self.unit = unit
            self.weights = weights
            self.offset = offset
        }

        /// With a name of its own: a region may be called as a sector, or as a total of the file, is.
        func renamed(besides taken: inout Set<String>) -> Row {
            var result = self
            let words = kind == .all ? "sum" : kind.rawValue.replacing("_", with: " ")
            while !taken.insert(result.name).inserted { result.name += " (\(words))" }
            return result
        }
    }

    private func emissionRows(_ emissions: StateEmissions) -> [Row] {
        let elements =
            state?.elements ?? problem.stateNames.map { StateElement($0, kind: .flux) }
        func row(_ name: String, _ kind: TotalsPlan.Kind, _ belongs: (StateElement) -> Bool) -> Row {
            let weights = zip(elements, emissions.perUnit).map { element, emission in
                element.kind.isEmission && belongs(element) ? emission : 0
            }
            return Row(name, kind, emissions.unit, weights)
        }
        let emitting = elements.filter(\.kind.isEmission)
        let regions = LabelGroups(labels: emitting.map(\.region)).names
        let sectors = LabelGroups(labels: emitting.map(\.sector)).names
        var rows = regions.map { region in row(region, .region) { $0.region == region } }
        rows += sectors.map { sector in row(sector, .sector) { $0.sector == sector } }
        if regions.count > 1, sectors.count > 1, regions.count * sectors.count <= Self.mostPairs {
            for region in regions {
                rows += sectors.map { sector in
                    row("\(region), \(sector)", .regionAndSector) {
                        $0.region == region && $0.sector == sector
                    }
                }
            }
        }
        return rows + [row("all emissions", .all) { _ in true }]
    }
}

/// What one unit of each state element emits; negative for an uptake.
public struct StateEmissions: Equatable, Sendable {
    /// One per element; not used for elements that are no emission.
    public let perUnit: [Double]
    public let unit: String

    public init(perUnit: [Double], unit: String) {
        self.perUnit = perUnit
        self.unit = unit
    }
}
