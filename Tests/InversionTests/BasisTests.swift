import Inversion
import LinearAlgebra
import TestSupport
import Testing

@Suite struct BasisTests {
    @Test func aStateNamesItsGroups() throws {
        let state = try StateVector([
            StateElement("a", kind: .flux, region: "north", sector: "power"),
            StateElement("b", kind: .flux, region: "south", sector: "power"),
            StateElement("c", kind: .pointSource, region: "north"),
            StateElement("d", kind: .bias, unit: "ppm"),
        ])
        #expect(state.groups(by: \.region).names == ["north", "south"])
        #expect(state.groups(by: \.region).members == [[0, 2], [1]])
        #expect(state.groups(by: \.sector).members == [[0, 1]])
        #expect(state.kinds.names == ["flux", "point_source", "bias"])
        #expect(throws: InversionError.duplicate("state_name a", index: 1)) {
            try StateVector([StateElement("a", kind: .flux), StateElement("a", kind: .bias)])
        }
        #expect(throws: InversionError.empty("state")) { try StateVector([]) }
    }

    @Test func labelsBecomePartsWithoutGaps() throws {
        let basis = try Basis.regions(labels: [7, -1, 3, 7, 9])
        #expect(basis.parts == [1, -1, 0, 1, 2] && basis.count == 3)
        #expect(basis.members == [[2], [0, 3], [4]])
        #expect(try Basis.native(cells: 3).parts == [0, 1, 2])
        #expect(throws: InversionError.empty("basis functions")) { try Basis.regions(labels: [-1, -1]) }
        #expect(throws: InversionError.outOfRange("basis", index: 1)) { try Basis(parts: [0, -2]) }
        #expect(throws: InversionError.empty("cells in basis function 1")) { try Basis(parts: [0, 2, 2]) }
    }

    @Test func columnsAreSummedByPart() throws {
        let jacobian = Matrix(rows: 2, columns: 4, storage: [1, 2, 3, 4, 5, 6, 7, 8])
        let basis = try Basis(parts: [0, 1, 0, -1])
        #expect(try basis.aggregate(jacobian).storage == [4, 2, 12, 6])
        #expect(try basis.aggregate(jacobian, pattern: [1, 10, 2, 9]).storage == [7, 20, 19, 60])
        #expect(throws: InversionError.self) { try basis.aggregate(Matrix(rows: 1, columns: 3)) }
    }

    /// A power-law field: parts are rectangles, share no label, hold about equal weight, and cover every cell once.
    @Test(arguments: 1...6 as ClosedRange<UInt64>) func quadtreePartsBalance(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (rows, columns) = (24, 30)
        let weights = (0..<(rows * columns)).map { _ in 0.2 + random.uniform() }
        let labels = (0..<(rows * columns)).map { Int32($0 % columns < 11 ? 0 : $0 < 60 ? -1 : 1) }
        let basis = try Basis.quadtree(
            weights: weights,
            rows: rows,
            columns: columns,
            labels: labels,
            count: 32
        )
        #expect(basis.count == 32)
        let sums = basis.members.map { $0.reduce(0) { $0 + weights[$1] } }
        let mean = sums.reduce(0, +) / 32
        #expect(sums.allSatisfy { $0 > mean / 3 && $0 < 2.2 * mean })
        for (part, cells) in basis.members.enumerated() {
            #expect(Set(cells.map { labels[$0] }).count == 1, "part \(part) mixes labels")
        }
        #expect(zip(basis.parts, labels).allSatisfy { ($0 < 0) == ($1 < 0) })
    }

    @Test func aQuadtreeEndsWithTheCells() throws {
        let basis = try Basis.quadtree(weights: [0, 0, 0, 0, 5, 0], rows: 2, columns: 3, count: 100)
        #expect(basis.count == 6 && Set(basis.parts).count == 6)
        let one = try Basis.quadtree(weights: [1, 1, 1, 1], rows: 2, columns: 2, count: 1)
        #expect(one.parts == [0, 0, 0, 0])
        #expect(throws: InversionError.notPositive("weights", index: 1, value: -1)) {
            try Basis.quadtree(weights: [1, -1], rows: 1, columns: 2, count: 1)
        }
        #expect(throws: InversionError.notFinite("weights", index: 0)) {
            try Basis.quadtree(weights: [.nan, 1], rows: 1, columns: 2, count: 1)
        }
    }

    /// Three far groups of cells are found whatever the longitude they are given in.
    @Test func clustersFindWhatLiesTogether() throws {
        var random = SeededGenerator(seed: 2)
        let centres = [(179.5, 0.0), (20.0, 60.0), (-60.0, -45.0)]
        var (longitudes, latitudes): ([Double], [Double]) = ([], [])
        for index in 0..<90 {
            let centre = centres[index % 3]
            let longitude = centre.0 + random.uniform()
            longitudes.append(longitude > 180 ? longitude - 360 : longitude)
            latitudes.append(centre.1 + random.uniform())
        }
        let basis = try Basis.clusters(
            longitudes: longitudes,
            latitudes: latitudes,
            weights: [Double](repeating: 1, count: 90),
            count: 3
        )
        for group in 0..<3 {
            #expect(Set(stride(from: group, to: 90, by: 3).map { basis.parts[$0] }).count == 1)
        }
        #expect(throws: InversionError.empty("cells for 3 basis functions")) {
            try Basis.clusters(longitudes: [0], latitudes: [0], weights: [1], count: 3)
        }
    }
}
