/// A number of each receptor that goes with its footprint into a file of ours.
public struct ReceptorVariable: Equatable, Sendable {
    public let name: String
    public let longName: String
    public let unit: String
    public let comment: String
    /// One a receptor; not finite where there is none.
    public let values: [Double]

    public init(name: String, longName: String, unit: String, comment: String = "", values: [Double]) {
        self.name = name
        self.longName = longName
        self.unit = unit
        self.comment = comment
        self.values = values
    }
}
