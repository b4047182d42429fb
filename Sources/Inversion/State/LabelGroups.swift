/// Named sets of state elements or of observations; each is in one of them or in none.
public struct LabelGroups: Hashable, Sendable {
    /// In the order of their first appearance.
    public let names: [String]
    /// The group of each element; nil for none.
    public let groupOfElement: [Int?]

    /// - Parameter labels: the name of the group of each element; empty for none.
    public init(labels: [String]) {
        var names: [String] = []
        var places: [String: Int] = [:]
        groupOfElement = labels.map { label in
            guard !label.isEmpty else { return nil }
            if let place = places[label] { return place }
            places[label] = names.count
            names.append(label)
            return names.count - 1
        }
        self.names = names
    }

    /// Indices of the elements of each group, ascending.
    public var members: [[Int]] {
        var members = [[Int]](repeating: [], count: names.count)
        for (element, group) in groupOfElement.enumerated() {
            if let group { members[group].append(element) }
        }
        return members
    }

    /// The name of the group of each element; empty for none.
    public var labels: [String] { groupOfElement.map { $0.map { names[$0] } ?? "" } }
}
