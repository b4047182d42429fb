import Geo
import LinearAlgebra
import Quantities
import Testing
import Transport

@Suite struct BoundaryClosureTests {
    @Test func rowsThatCarryTooLittleBackgroundAreNamed() {
        let boundary = Matrix(rows: 4, columns: 2, storage: [1000, 900, 1900, 0, 900, 800, 10, 0])
        let check = BoundaryClosure(boundary: boundary)
        #expect(check.closure[0] == 1 && check.closure[1] == 1)
        #expect(check.completeRows == [0, 1])
        #expect(check.incompleteRows == [2, 3])
        #expect(BoundaryClosure(boundary: boundary, threshold: 0.85).completeRows == [0, 1, 2])
    }

    @Test func theUnitDropsOut() {
        var boundary = Matrix(rows: 2, columns: 2, storage: [3, 4, 1, 1])
        let closure = BoundaryClosure(boundary: boundary).closure
        boundary.scaleRows(by: [8, 8])
        #expect(BoundaryClosure(boundary: boundary).closure == closure)
    }

    @Test func withoutAnyBackgroundNoRowIsComplete() {
        #expect(BoundaryClosure(boundary: Matrix(rows: 2, columns: 3)).incompleteRows == [0, 1])
        #expect(BoundaryClosure(boundary: Matrix(rows: 0, columns: 3)).completeRows == [])
    }

    @Test func theJacobianOfSelectedRowsHoldsBothBlocks() throws {
        let position = try #require(Position(longitude: 1, latitude: 52))
        let table = SensitivityTable(
            gas: .ch4,
            sites: [.init(name: "TAC", position: position)],
            siteIndices: [0, 0],
            times: [Instant(microseconds: 0), Instant(microseconds: 1)],
            flux: Matrix(rows: 2, columns: 1, storage: [1, 2]),
            fluxNames: ["f"],
            boundary: Matrix(rows: 2, columns: 2, storage: [3, 4, 5, 6]),
            boundaryNames: ["n", "s"]
        )
        #expect(table.jacobian(rows: [1]).storage == [2, 5, 6])
        #expect(table.jacobian(rows: [0, 1]).storage == [1, 3, 4, 2, 5, 6])
    }
}
