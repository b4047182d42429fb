/// A linear map that is known by what it does to a vector; its elements need not be stored anywhere.
///
/// Results are a function of the vector alone: they do not depend on the number of threads.
public protocol LinearMap: Sendable {
    /// Length of a result.
    var rows: Int { get }
    /// Length of an argument.
    var columns: Int { get }
    /// A·v.
    ///
    /// - Precondition: `vector.count == columns`.
    func apply(_ vector: [Double]) async -> [Double]
    /// Aᵀ·u.
    ///
    /// - Precondition: `vector.count == rows`.
    func applyTransposed(_ vector: [Double]) async -> [Double]
}

extension Matrix: LinearMap {
    public func apply(_ vector: [Double]) async -> [Double] { times(vector) }
    public func applyTransposed(_ vector: [Double]) async -> [Double] { transposedTimes(vector) }
}
