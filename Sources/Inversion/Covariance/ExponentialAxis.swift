import Concurrent
import Foundation

/// exp(-|tᵢ - tⱼ| / l) along one axis, for instance in time or along one coordinate of a grid, exactly and in O(n).
///
/// On a line this correlation is that of a Markov chain: L is the recursion xᵢ = φᵢ xᵢ₋₁ + √(1 - φᵢ²) vᵢ with
/// φᵢ = exp(-(tᵢ - tᵢ₋₁)/l), and C⁻¹ is tridiagonal (Rue and Held 2005, Gaussian Markov Random Fields, section 1.2).
/// The steps need not be equal.
public struct ExponentialAxis: CorrelationFactor {
    public var count: Int { persistence.count }
    public var controlCount: Int { count }
    /// φᵢ, 0 for the first.
    private let persistence: [Double]
    /// √(1 - φᵢ²).
    private let innovation: [Double]

    /// - Parameters:
    ///   - coordinates: strictly ascending.
    ///   - length: in the unit of the coordinates.
    public init(coordinates: [Double], length: Double) throws(InversionError) {
        guard !coordinates.isEmpty else { throw .empty("correlation") }
        try checkFinite("coordinates", coordinates)
        try CorrelationKernel.exponential(length: length).validate()
        var persistence = [0.0]
        var innovation = [1.0]
        for (index, pair) in zip(coordinates, coordinates.dropFirst()).enumerated() {
            let step = (pair.1 - pair.0) / length
            guard step > 0 else { throw .outOfRange("coordinates", index: index + 1) }
            persistence.append(exp(-step))
            // 1 - φ² without loss of digits where the step is small.
            innovation.append((-expm1(-2 * step)).squareRoot())
        }
        self.persistence = persistence
        self.innovation = innovation
    }

    /// Equal steps.
    public init(count: Int, step: Double, length: Double) throws(InversionError) {
        try self.init(coordinates: (0..<max(0, count)).map { Double($0) * step }, length: length)
    }

    public func applyRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        await lines(block, outer, inner) { forward($0, outer: $1, inner: $2) }
    }

    public func applyTransposedRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        await lines(block, outer, inner) { backward($0, outer: $1, inner: $2) }
    }

    /// Tasks that share a block, and elements that are worth one.
    private static let (mostParts, leastElements) = (8, 1 << 14)

    /// Lines along the axis do not depend on each other: tasks take slabs where there are many, else some of the lines
    /// of all slabs.
    private func lines(
        _ block: [Double],
        _ outer: Int,
        _ inner: Int,
        _ map: @escaping @Sendable (_ block: [Double], _ outer: Int, _ inner: Int) -> [Double]
    ) async -> [Double] {
        let length = count * inner
        let worth = min(Self.mostParts, block.count / Self.leastElements)
        guard worth > 1, max(outer, inner) > 1 else { return map(block, outer, inner) }
        if outer >= inner || outer >= Self.mostParts {
            let chunks = min(worth, outer)
            return joined(
                await parallelParts(chunks: chunks) { chunk in
                    let slabs = (chunk * outer / chunks)..<((chunk + 1) * outer / chunks)
                    let part = block[(slabs.lowerBound * length)..<(slabs.upperBound * length)]
                    return map(Array(part), slabs.count, inner)
                }
            )
        }
        let chunks = min(worth, inner)
        let ranges = (0..<chunks).map { ($0 * inner / chunks)..<(($0 + 1) * inner / chunks) }
        let parts = await parallelParts(chunks: chunks) { chunk in
            var part: [Double] = []
            part.reserveCapacity(outer * count * ranges[chunk].count)
            for start in stride(from: 0, to: block.count, by: inner) {
                part.append(
                    contentsOf: block[(start + ranges[chunk].lowerBound)..<(start + ranges[chunk].upperBound)]
                )
            }
            return map(part, outer, ranges[chunk].count)
        }
        var result: [Double] = []
        result.reserveCapacity(block.count)
        for row in 0..<(outer * count) {
            for (part, range) in zip(parts, ranges) {
                result.append(contentsOf: part[(row * range.count)..<((row + 1) * range.count)])
            }
        }
        return result
    }

    private func forward(_ block: [Double], outer: Int, inner: Int) -> [Double] {
        var result = block
        for slab in 0..<outer {
            for index in 1..<max(1, count) {
                let (phi, scale) = (persistence[index], innovation[index])
                let start = (slab * count + index) * inner
                for place in start..<(start + inner) {
                    result[place] = phi * result[place - inner] + scale * block[place]
                }
            }
        }
        return result
    }

    /// The recursion backwards: uᵢ = rᵢ + φᵢ₊₁ uᵢ₊₁, then √(1 - φᵢ²) uᵢ.
    private func backward(_ block: [Double], outer: Int, inner: Int) -> [Double] {
        var result = block
        for slab in 0..<outer {
            for index in stride(from: count - 2, through: 0, by: -1) {
                let phi = persistence[index + 1]
                let start = (slab * count + index) * inner
                for place in start..<(start + inner) { result[place] += phi * result[place + inner] }
            }
            for index in 1..<max(1, count) {
                let start = (slab * count + index) * inner
                for place in start..<(start + inner) { result[place] *= innovation[index] }
            }
        }
        return result
    }
}
