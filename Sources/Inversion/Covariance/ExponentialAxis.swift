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
        var result = block
        let alone = inner == 1 ? outer / Self.together * Self.together : 0
        for slab in stride(from: 0, to: alone, by: Self.together) { forwardTogether(&result, slab) }
        for slab in alone..<outer {
            for index in 1..<max(1, count) {
                let (phi, scale) = (persistence[index], innovation[index])
                let start = (slab * count + index) * inner
                for place in start..<(start + inner) {
                    result[place] = phi * result[place - inner] + scale * result[place]
                }
            }
        }
        return result
    }

    /// The recursion backwards: uᵢ = rᵢ + φᵢ₊₁ uᵢ₊₁, then √(1 - φᵢ²) uᵢ.
    public func applyTransposedRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        var result = block
        let alone = inner == 1 ? outer / Self.together * Self.together : 0
        for slab in stride(from: 0, to: alone, by: Self.together) { backwardTogether(&result, slab) }
        for slab in alone..<outer {
            for index in stride(from: count - 2, through: 0, by: -1) {
                let (phi, scale) = (persistence[index + 1], innovation[index + 1])
                let start = (slab * count + index) * inner
                for place in start..<(start + inner) {
                    let next = result[place + inner]
                    result[place] += phi * next
                    result[place + inner] = scale * next
                }
            }
        }
        return result
    }

    /// Lines next to each other that are mapped at once where each is one row of memory: a term of a recursion must
    /// wait for the one before, and those of other lines need not.
    private static let together = 4

    private func forwardTogether(_ values: inout [Double], _ slab: Int) {
        let starts = (slab * count, (slab + 1) * count, (slab + 2) * count, (slab + 3) * count)
        var last = (values[starts.0], values[starts.1], values[starts.2], values[starts.3])
        for index in 1..<max(1, count) {
            let (phi, scale) = (persistence[index], innovation[index])
            last.0 = phi * last.0 + scale * values[starts.0 + index]
            last.1 = phi * last.1 + scale * values[starts.1 + index]
            last.2 = phi * last.2 + scale * values[starts.2 + index]
            last.3 = phi * last.3 + scale * values[starts.3 + index]
            values[starts.0 + index] = last.0
            values[starts.1 + index] = last.1
            values[starts.2 + index] = last.2
            values[starts.3 + index] = last.3
        }
    }

    private func backwardTogether(_ values: inout [Double], _ slab: Int) {
        let starts = (slab * count, (slab + 1) * count, (slab + 2) * count, (slab + 3) * count)
        let end = count - 1
        var next = (
            values[starts.0 + end], values[starts.1 + end], values[starts.2 + end], values[starts.3 + end]
        )
        for index in stride(from: end, to: 0, by: -1) {
            let (phi, scale) = (persistence[index], innovation[index])
            values[starts.0 + index] = scale * next.0
            values[starts.1 + index] = scale * next.1
            values[starts.2 + index] = scale * next.2
            values[starts.3 + index] = scale * next.3
            next.0 = values[starts.0 + index - 1] + phi * next.0
            next.1 = values[starts.1 + index - 1] + phi * next.1
            next.2 = values[starts.2 + index - 1] + phi * next.2
            next.3 = values[starts.3 + index - 1] + phi * next.3
        }
        values[starts.0] = next.0
        values[starts.1] = next.1
        values[starts.2] = next.2
        values[starts.3] = next.3
    }
}
