import Geo
public import NetCDF
public import Quantities
import Transport

/// What a look at a file of footprints tells: what it is, what it holds, whether it agrees with itself.
public struct FootprintInspection: Encodable, Sendable {
    /// Least and largest of a number that each footprint has.
    public struct Extent: Encodable, Equatable, Sendable {
        public private(set) var least = Double.infinity
        public private(set) var largest = -Double.infinity

        mutating func add(_ value: Double) {
            (least, largest) = (min(least, value), max(largest, value))
        }

        public var isEmpty: Bool { least > largest }
    }

    /// Integrated footprints beside the sums over their times of emission, which should be the same.
    public struct Closure: Encodable, Equatable, Sendable {
        /// Footprints that have both, and those of them where ``Transport/FootprintClosure`` does not find it so.
        public internal(set) var compared = 0
        public internal(set) var violated = 0
        /// ppm per umol m-2 s-1, over all compared footprints and cells.
        public internal(set) var integratedSum = 0.0
        public internal(set) var resolvedSum = 0.0
        public internal(set) var absoluteDifference = 0.0
        /// Difference of a cell over the largest cell of its footprint, at most.
        public internal(set) var largestRelativeDifference = 0.0

        /// Sum of all that comes by times of emission over that of the integrated footprints.
        public var ratio: Double { resolvedSum / integratedSum }
        /// Sum of the differences without their signs over the sum of the integrated footprints.
        public var differenceShare: Double { absoluteDifference / integratedSum }
        /// In each footprint, within the rounding of numbers of single precision.
        public var holds: Bool { violated == 0 }

        mutating func add(_ whole: FootprintLayer, _ parts: [FootprintLayer]) {
            let closure = FootprintClosure(whole: whole, parts: parts)
            let (sum, others) = (whole.sum, parts.reduce(0) { $0 + $1.sum })
            compared += 1
            integratedSum += sum
            resolvedSum += others
            guard closure.verdict != .undecided else {
                // Nothing in either is no violation, parts of nothing are one.
                guard sum == 0, others != 0 else { return }
                violated += 1
                absoluteDifference += abs(others)
                return
            }
            if closure.verdict == .violated { violated += 1 }
            absoluteDifference += closure.summedRelativeDifference * sum
            largestRelativeDifference = max(largestRelativeDifference, closure.largestRelativeDifference)
        }
    }

    public let path: String
    public let kind: FootprintFileKind
    public let source: String
    public let grid: String
    public let rows: Int
    public let columns: Int
    public let footprints: Int
    public let receptors: [String]
    public let firstTime: Instant?
    public let lastTime: Instant?
    public let isResolved: Bool
    public internal(set) var layers = Extent()
    /// Cells with a value, of each footprint.
    public internal(set) var cells = Extent()
    /// Sum over the cells and layers of each footprint, ppm per umol m-2 s-1.
    public internal(set) var sums = Extent()
    public internal(set) var largestValue = 0.0
    public internal(set) var boundarySums = Extent()
    /// Nil where the file has not both.
    public internal(set) var closure: Closure?
    /// Footprints that the file has no values for.
    public internal(set) var withoutValues = 0
    /// Footprints that come integrated in a file that else has them by time of emission.
    public internal(set) var unresolved = 0
    public internal(set) var negativeCells = 0
    public internal(set) var missingCells = 0
    public internal(set) var warnings: [String]

    /// Reads a whole file, footprint by footprint.
    ///
    /// - Throws: ``NetCDFError`` as ``FootprintFile``; footprints without values are counted instead.
    @NetCDFThread
    public static func inspect(_ path: String) throws(NetCDFError) -> FootprintInspection {
        let file = try FootprintFile(path)
        var inspection = FootprintInspection(file)
        for index in 0..<file.count { try inspection.add(index, file) }
        inspection.conclude()
        return inspection
    }

    /// What there is to warn of before footprints are used; all of them are read where the file tells them twice.
    @NetCDFThread
    public static func warnings(of file: borrowing FootprintFile) throws(NetCDFError) -> [String] {
        guard file.hasBoth else { return file.warnings }
        var inspection = FootprintInspection(file)
        for index in 0..<file.count { try inspection.add(index, file) }
        inspection.conclude()
        return inspection.warnings
    }

    @NetCDFThread
    private init(_ file: borrowing FootprintFile) {
        path = file.path
        kind = file.kind
        source = file.source
        grid = file.grid.extentText
        (rows, columns) = (file.grid.rows, file.grid.columns)
        footprints = file.count
        receptors = Set(file.receptors.map(\.name)).sorted()
        firstTime = file.receptors.map(\.time).min()
        lastTime = file.receptors.map(\.time).max()
        isResolved = file.isResolved
        warnings = file.warnings
        if file.hasBoth { closure = Closure() }
    }

    @NetCDFThread
    private mutating func add(_ index: Int, _ file: borrowing FootprintFile) throws(NetCDFError) {
        let read: ReadFootprint
        do {
            read = try file.read(index, resolved: true)
        } catch {
            guard case .unfit = error.kind else { throw error }
            withoutValues += 1
            return
        }
        let layers = read.footprint.layers + (read.footprint.residual.map { [$0] } ?? [])
        self.layers.add(Double(layers.count))
        cells.add(Double(Set(layers.flatMap(\.cells)).count))
        sums.add(layers.reduce(0) { $0 + $1.values.reduce(0, +) })
        for layer in layers {
            largestValue = max(largestValue, layer.values.max() ?? 0)
            negativeCells += layer.values.count { $0 < 0 }
        }
        missingCells += read.missing
        if read.fellBack { unresolved += 1 }
        if file.hasBoth, !read.fellBack { try compare(layers, index, file) }
        if let boundary = try file.boundary(at: index) { boundarySums.add(boundary.closure) }
    }

    @NetCDFThread
    private mutating func compare(
        _ layers: [FootprintLayer],
        _ index: Int,
        _ file: borrowing FootprintFile
    ) throws(NetCDFError) {
        let integrated = try file.footprint(at: index, resolved: false)
        closure?.add(integrated.integratedLayer, layers)
    }

    private mutating func conclude() {
        if closure?.compared == 0 { closure = nil }
        if let closure, !closure.holds {
            warnings.append(
                """
                integrated footprints are not the sums over their times of emission: ratio of all \
                \(closure.ratio.rounded(to: 4)), differences \((100 * closure.differenceShare).rounded(to: 1)) %
                """
            )
        }
        if withoutValues > 0 { warnings.append("\(withoutValues) footprints have no values") }
        if unresolved > 0 {
            warnings.append("\(unresolved) footprints are integrated alone, without times of emission")
        }
        if missingCells > 0 { warnings.append("\(missingCells) cells without a value count as zero") }
        if negativeCells > 0 { warnings.append("\(negativeCells) cells are negative") }
        if !boundarySums.isEmpty, boundarySums.largest > 1.01 {
            warnings.append("more particles leave the domain than there are")
        }
    }
}

extension FootprintInspection {
    /// For a terminal: a name and what is to be said, one to a line.
    public var lines: [String] {
        var rows = [
            ("file", path), ("layout", kind.title), ("source", source.isEmpty ? "not stated" : source),
            ("grid", grid), ("footprints", "\(footprints)"), ("receptors", receptorText),
        ]
        if let firstTime, let lastTime { rows.append(("time", "\(firstTime) to \(lastTime)")) }
        rows.append(
            ("layers", "\(text(layers, digits: 0)) of \(isResolved ? "times of emission" : "all times")")
        )
        rows.append(("cells with values", text(cells, digits: 0)))
        rows.append(("sum", "\(text(sums, digits: 6)) ppm per (umol m-2 s-1)"))
        rows.append(("largest", "\(largestValue.rounded(to: 6)) ppm per (umol m-2 s-1)"))
        if !boundarySums.isEmpty { rows.append(("left the domain", text(boundarySums, digits: 4))) }
        if let closure {
            let verdict = closure.holds ? "holds" : "does not hold"
            rows.append(("sum of layers", "\(verdict) in \(closure.compared) footprints"))
        }
        rows += warnings.map { ("warning", $0) }
        let width = (rows.map(\.0.count).max() ?? 0) + 2
        return rows.map { $0.0 + String(repeating: " ", count: width - $0.0.count) + $0.1 }
    }

    private var receptorText: String {
        receptors.count <= 5
            ? receptors.joined(separator: ", ")
            : "\(receptors.prefix(3).joined(separator: ", ")) and \(receptors.count - 3) more"
    }

    private func text(_ extent: Extent, digits: Int) -> String {
        guard !extent.isEmpty else { return "none" }
        let ends = [extent.least, extent.largest].map { value in
            digits == 0 ? "\(Int(exactly: value) ?? 0)" : "\(value.rounded(to: digits))"
        }
        return extent.least == extent.largest ? ends[0] : "\(ends[0]) to \(ends[1])"
    }
}

extension Double {
    fileprivate func rounded(to digits: Int) -> Double {
        let scale = (0..<digits).reduce(1.0) { factor, _ in factor * 10 }
        return (self * scale).rounded() / scale
    }
}

extension CellGrid {
    /// Edges, number and size of the cells.
    fileprivate var extentText: String {
        let plane = plane
        let across = "\(plane.across.origin.rounded(to: 4)) to \(plane.across.end.rounded(to: 4))"
        let along = "\(plane.along.origin.rounded(to: 4)) to \(plane.along.end.rounded(to: 4))"
        let cells = "\(columns) x \(rows) cells"
        let steps = "\(plane.across.step.rounded(to: 6)) x \(plane.along.step.rounded(to: 6))"
        guard let projected else { return "\(across) E, \(along) N, \(cells) of \(steps) degrees" }
        return "\(across), \(along) m, \(cells) of \(steps) m in \(projected.projection.title)"
    }
}
