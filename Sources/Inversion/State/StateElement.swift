/// What one number of the state stands for.
public struct StateElement: Hashable, Sendable {
    public enum Kind: String, Codable, CaseIterable, Sendable {
        /// Surface flux of a region or cell.
        case flux
        /// A source of the catalogue, such as a power plant.
        case pointSource = "point_source"
        /// Inflow over an edge of the domain.
        case boundary
        /// Mole fraction that all observations of a place or time share.
        case background
        /// Systematic error of an instrument or of a satellite product.
        case bias
        /// Local influence at a site that the transport model does not resolve.
        case siteOffset = "site_offset"

        /// Whether the element is an emission, and counts in totals.
        public var isEmission: Bool { self == .flux || self == .pointSource }
    }

    public let name: String
    public let kind: Kind
    /// Empty where the element belongs to no region, sector or period.
    public let region: String
    public let sector: String
    public let period: String
    /// `1` for a scaling factor of the prior.
    public let unit: String

    public init(
        _ name: String,
        kind: Kind,
        region: String = "",
        sector: String = "",
        period: String = "",
        unit: String = "1"
    ) {
        self.name = name
        self.kind = kind
        self.region = region
        self.sector = sector
        self.period = period
        self.unit = unit
    }
}

/// The elements of a state in their order, with the groups that results are told of.
public struct StateVector: Hashable, Sendable {
    public let elements: [StateElement]

    /// - Throws: ``InversionError/empty(_:)`` without elements, ``InversionError/duplicate(_:index:)`` for two of
    ///   one name.
    public init(_ elements: [StateElement]) throws(InversionError) {
        guard !elements.isEmpty else { throw .empty("state") }
        var seen: Set<String> = []
        for (index, element) in elements.enumerated() where !seen.insert(element.name).inserted {
            throw .duplicate("state_name \(element.name)", index: index)
        }
        self.elements = elements
    }

    public var count: Int { elements.count }
    public var names: [String] { elements.map(\.name) }

    /// The elements that share a non-empty property, in the order of their first appearance.
    public func groups(by property: KeyPath<StateElement, String>) -> LabelGroups {
        LabelGroups(labels: elements.map { $0[keyPath: property] })
    }

    /// The elements by kind.
    public var kinds: LabelGroups { LabelGroups(labels: elements.map(\.kind.rawValue)) }
}
