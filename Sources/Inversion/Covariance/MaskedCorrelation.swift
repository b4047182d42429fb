import LinearAlgebra

/// Another correlation within each class, such as land and sea, and a part of it between classes: C(i, j) · Q(k_i, k_j)
/// with k the classes and Q the correlation of classes, 1 on the diagonal and one number elsewhere.
///
/// With Q = A Aᵀ the root [D_1 L, D_2 L, ...] is exact, where D_a scales member i by A(k_i, a). It has as many columns
/// as there are classes times those of L; neither C nor its product with Q is formed.
public struct MaskedCorrelation: CorrelationFactor {
    public let base: any CorrelationFactor
    /// For each member its class, 0 ..< classCount.
    public let classes: [Int]
    public let classCount: Int
    /// A, lower triangular.
    private let root: Matrix
    public var count: Int { base.count }
    public var controlCount: Int { classCount * base.controlCount }

    /// - Parameters:
    ///   - classes: any whole numbers, one for each member of the base.
    ///   - between: of members of different classes at one place, at least 0 and below 1; 0 parts the classes.
    /// - Throws: ``InversionError`` when the classes do not fit the base, or are too many for 32-bit indices.
    public init(
        _ base: any CorrelationFactor,
        classes: [Int],
        between: Double = 0
    ) throws(InversionError) {
        try checkLength("classes", classes.count, base.count)
        guard between >= 0, between < 1 else { throw .outOfRange("correlation between classes", index: 0) }
        let names = Set(classes).sorted()
        let (controls, isBeyond) = names.count.multipliedReportingOverflow(by: base.controlCount)
        guard !isBeyond, Int32(exactly: controls) != nil, names.count <= Self.mostClasses else {
            throw .algebra("prior correlation", .tooLarge(rows: base.count, columns: base.controlCount))
        }
        let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        self.base = base
        self.classes = classes.map { numbers[$0] ?? 0 }
        classCount = names.count
        var matrix = Matrix(rows: names.count, columns: names.count)
        for row in names.indices {
            for column in names.indices { matrix[row, column] = row == column ? 1 : between }
        }
        do { root = try Cholesky(factoring: matrix).factor } catch {
            throw .algebra("prior correlation", error)
        }
    }

    /// A product with the base is made for each of them.
    static let mostClasses = 1000

    public func applyRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        var result = [Double](repeating: 0, count: outer * count * inner)
        let length = base.controlCount * inner
        for number in 0..<classCount {
            var part: [Double] = []
            part.reserveCapacity(outer * length)
            for slab in 0..<outer {
                let start = (slab * classCount + number) * length
                part.append(contentsOf: block[start..<(start + length)])
            }
            let mapped = await base.applyRoot(part, outer: outer, inner: inner)
            add(mapped, column: number, to: &result, inner: inner)
        }
        return result
    }

    public func applyTransposedRoot(_ block: [Double], outer: Int, inner: Int) async -> [Double] {
        var result = [Double](repeating: 0, count: outer * controlCount * inner)
        let length = base.controlCount * inner
        for number in 0..<classCount {
            var scaled = [Double](repeating: 0, count: block.count)
            add(block, column: number, to: &scaled, inner: inner)
            let mapped = await base.applyTransposedRoot(scaled, outer: outer, inner: inner)
            for slab in 0..<outer {
                let target = (slab * classCount + number) * length
                for offset in 0..<length { result[target + offset] = mapped[slab * length + offset] }
            }
        }
        return result
    }

    /// Adds each member scaled by the element of A in the row of its class.
    private func add(_ source: [Double], column: Int, to target: inout [Double], inner: Int) {
        let factors = (0..<classCount).map { root[$0, column] }
        for start in stride(from: 0, to: source.count, by: inner) {
            let factor = factors[classes[start / inner % count]]
            guard factor != 0 else { continue }
            for place in start..<(start + inner) { target[place] += factor * source[place] }
        }
    }
}
