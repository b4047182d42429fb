public import Quantities

/// A list of receptors of which nothing is left to compute.
public struct ReceptorListError: Fault, Equatable {
    public let reason: String
    public let file: String

    public var exitStatus: ExitStatus { .badData }
    public var what: String { "no receptor: \(reason)" }
    public var place: String { file }
    public var remedy: String { "" }
}
