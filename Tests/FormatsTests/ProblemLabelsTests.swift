import Formats
import Foundation
import Inversion
import LinearAlgebra
import NetCDF
import Quantities
import TestSupport
import Testing

@Suite struct ProblemLabelsTests {
    @Test func labelsBoundsAndTotalsComeBack() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("labelled.nc").path
        var input = LinearProblemInput(
            problem: LinearProblem(
                jacobian: Matrix(rows: 3, columns: 2, storage: [1, 0, 0, 1, 1, 1]),
                observations: [1, 2, 3],
                observationError: .independent([1, 1, 1]),
                priorMean: [1, 1],
                priorError: .independent([0.5, 0.5]),
                stateNames: ["plant", "town"]
            ),
            unit: "ppm"
        )
        input.state = try StateVector([
            StateElement("plant", kind: .pointSource, region: "north", sector: "power"),
            StateElement("town", kind: .flux, region: "north", period: "2024-05"),
        ])
        input.groups = LabelGroups(labels: ["roof", "van", "roof"])
        input.totals = try LinearFunctionals(
            names: ["all"],
            weights: Matrix(rows: 1, columns: 2, storage: [3, 4]),
            offsets: [0.5]
        )
        input.totalUnit = "Mt yr-1"
        input.lowerBounds = [0, -.infinity]
        input.upperBounds = [.infinity, 5]
        try await LinearProblemFile.write(input, to: path)
        let again = try await LinearProblemFile.read(path)
        #expect(again.state == input.state && again.groups == input.groups)
        #expect(again.totals?.weights == input.totals?.weights && again.totals?.offsets == [0.5])
        #expect(again.totals?.names == ["all"] && again.totalUnit == "Mt yr-1")
        #expect(again.lowerBounds == input.lowerBounds && again.upperBounds == input.upperBounds)
    }

    @Test func crossedBoundsAndUnknownKindsAreNamed() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("bad.nc").path
        var input = LinearProblemInput(
            problem: LinearProblem(
                jacobian: Matrix(rows: 1, columns: 1, storage: [1]),
                observations: [1],
                observationError: .independent([1]),
                priorMean: [1],
                priorError: .independent([1]),
                stateNames: ["x"]
            )
        )
        input.lowerBounds = [2]
        input.upperBounds = [1]
        try await LinearProblemFile.write(input, to: path)
        await #expect {
            try await LinearProblemFile.read(path)
        } throws: { error in
            "\(error)".contains("state_lower[0]")
                || (error as? NetCDFError)?.place.contains("state_lower[0]") == true
        }
    }
}
