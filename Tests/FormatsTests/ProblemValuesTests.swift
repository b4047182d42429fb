import Concurrent
import Foundation
import LinearAlgebra
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Formats

/// Attributes and optional variables of a problem file that change what its numbers mean.
@Suite struct ProblemValuesTests {
    /// A problem of two elements and three observations, of which a test changes one variable.
    struct Sketch: Sendable {
        var values: [String: [Double]] = [
            "jacobian": [1, 0, 0, 1, 1, 1], "observation_value": [1, 2, 3], "observation_sigma": [1, 1, 1],
            "prior_mean": [1, 1], "prior_sigma": [1, 1],
        ]
        var attributes: [String: [(String, NetCDFAttribute)]] = [:]
        var texts: [String: [String]] = ["state_name": ["a", "b"]]

        @NetCDFThread
        func write(to path: String) throws {
            var writer = try NetCDFWriter(replacing: path)
            try writer.defineDimension("observation", length: 3)
            try writer.defineDimension("state", length: 2)
            for (name, numbers) in values {
                let dimensions =
                    name == "jacobian"
                    ? ["observation", "state"] : [numbers.count == 3 ? "observation" : "state"]
                try writer.defineVariable(
                    name,
                    .double,
                    dimensions: dimensions,
                    attributes: attributes[name] ?? []
                )
            }
            for name in texts.keys {
                try writer.defineVariable(name, .string, dimensions: ["state"], attributes: [])
            }
            for (name, numbers) in values { try writer.write(numbers, to: name) }
            for (name, words) in texts { try writer.write(words, to: name) }
            try writer.commit()
        }

        /// What is said of it; nil where it is read.
        func refusal(streamed: Bool = false) async throws -> NetCDFError? {
            let folder = try TemporaryFolder()
            let path = folder.file("p.nc").path
            try await write(to: path)
            do {
                if streamed {
                    _ = try await LinearProblemFile.stream(path).jacobian.jacobian(rows: 0..<3)
                } else {
                    _ = try await LinearProblemFile.read(path)
                }
                return nil
            } catch let error as NetCDFError { return error }
        }
    }

    @Test func anEmissionWithoutAValueIsRefusedByName() async throws {
        var sketch = Sketch()
        sketch.values["state_emission"] = [5, .nan]
        let error = try #require(await sketch.refusal())
        #expect(error.variable == "state_emission[1]" && error.exitStatus == .badData, "\(error.line)")
        sketch.texts["state_kind"] = ["flux", "bias"]
        #expect(try await sketch.refusal() == nil)
        sketch.texts["state_kind"] = ["bias", "flux"]
        #expect(try await sketch.refusal()?.variable == "state_emission[1]")
    }

    @Test func aTimeWithoutAValueIsNotTheYear1970() async throws {
        var sketch = Sketch()
        sketch.attributes["prior_sigma"] = [
            ("correlation_length_km", .double(100)), ("correlation_time_days", .double(10)),
        ]
        sketch.values["state_longitude"] = [10, 11]
        sketch.values["state_latitude"] = [50, 50]
        #expect(try await sketch.refusal()?.what.contains("needs the variable state_time") == true)
        sketch.values["state_time"] = [0, .nan]
        sketch.attributes["state_time"] = [("units", "days since 2020-01-01")]
        #expect(try await sketch.refusal()?.variable == "state_time[1]")
        sketch.values["state_time"] = [0, 5]
        #expect(try await sketch.refusal() == nil)
    }

    @Test func aCorrelationOfSectorsNeedsSectors() async throws {
        var sketch = Sketch()
        sketch.attributes["prior_sigma"] = [
            ("correlation_length_km", .double(100)), ("sector_correlation", .double(0.5)),
        ]
        sketch.values["state_longitude"] = [10, 11]
        sketch.values["state_latitude"] = [50, 50]
        let error = try #require(await sketch.refusal())
        #expect(error.variable == "prior_sigma:sector_correlation" && error.what.contains("state_sector"))
        sketch.texts["state_sector"] = ["x", "y"]
        #expect(try await sketch.refusal() == nil)
    }

    @Test(arguments: [
        ("observation_value", [("valid_range", [0.0, 2.5])]), ("observation_value", [("valid_max", [2.5])]),
        ("prior_mean", [("valid_min", [1.5])]), ("jacobian", [("valid_range", [0.5, 2])]),
        ("observation_sigma", [("valid_min", [0.0]), ("valid_max", [0.5])]),
    ])
    func whatIsBeyondTheValidRangeIsMissing(variable: String, attributes: [(String, [Double])]) async throws {
        var sketch = Sketch()
        sketch.attributes[variable] = attributes.map {
            ($0.0, $0.1.count == 1 ? .double($0.1[0]) : .doubles($0.1))
        }
        let error = try #require(await sketch.refusal())
        #expect(error.variable.hasPrefix(variable), "\(error.line)")
        // Wide enough, it is no matter.
        sketch.attributes[variable] = [("valid_range", .doubles([-10, 10]))]
        #expect(try await sketch.refusal() == nil)
    }

    @Test func aRangeThatIsNoneIsRefused() async throws {
        var sketch = Sketch()
        sketch.attributes["prior_mean"] = [("valid_range", .doubles([5, 1]))]
        #expect(try await sketch.refusal()?.variable == "prior_mean:valid_range")
    }

    @Test func aJacobianReadByRowsHeedsItsRangeToo() async throws {
        let folder = try TemporaryFolder()
        var sketch = Sketch()
        sketch.attributes["jacobian"] = [("valid_range", .doubles([0.5, 2]))]
        let path = folder.file("p.nc").path
        try await sketch.write(to: path)
        let rows = try await LinearProblemFile.stream(path).jacobian
        let block = try await onOwnThread(named: "rows") { try rows.jacobian(rows: 0..<3) }
        #expect(block.storage.map(\.isNaN) == [false, true, true, false, false, false])
    }

    @Test(arguments: [
        ("ppm (kt yr-1)-1", "ppm", "Mt yr-1", false), ("ppm (kt yr-1)-1", "ppm", "kt yr-1", true),
        ("ppm/(kt yr-1)", "ppm", "kt yr-1", true), ("ppm per kt yr-1", "ppm", "kt yr-1", true),
        ("ppm per unit state", "ppm", "kt yr-1", true), ("ppm", "ppm", "Mt yr-1", true),
        ("1e-6 kg-1 s", "ppm", "kg s-1", true), ("ppm kg-1 s", "ppm", "t h-1", false),
        ("ppm / (umol m-2 s-1)", "ppm", "umol m-2 s-1", true),
        ("ppm / (umol m-2 s-1)", "ppm", "mol m-2 s-1", false),
        ("ppm (kt CO2 yr-1)-1", "ppm", "kt year-1", true),
        ("ppm (kt yr-1)-1", "ppm", "1", false), ("ppm (kt yr-1)-1", "ppm", "kt", false),
        ("ppb (kt yr-1)-1", "ppm", "kt yr-1", false), ("banana", "ppm", "kt yr-1", false),
    ])
    func theUnitOfAJacobianIsThatOfObservationsOverState(
        jacobian: String,
        observed: String,
        prior: String,
        isRead: Bool
    ) async throws {
        var sketch = Sketch()
        for (name, unit) in [("jacobian", jacobian), ("observation_value", observed), ("prior_mean", prior)] {
            sketch.attributes[name] = [("units", .text(unit))]
        }
        let error = try await sketch.refusal()
        #expect((error == nil) == isRead, "\(error?.line ?? "read")")
        if let error { #expect(error.variable == "jacobian") }
    }

    @Test func unitsAreReadWithTheirPowers() throws {
        let kilotonnes = try #require(UnitProduct.readings("kt yr-1").first)
        #expect(
            kilotonnes.powers == ["g": 1, "s": -1] && abs(kilotonnes.factor * 31_556_952 / 1e9 - 1) < 1e-12
        )
        #expect(UnitProduct.readings("mol m-2 s-1") == UnitProduct.readings("mol/m^2/s"))
        #expect(UnitProduct.readings("parsnips").isEmpty)
        #expect(UnitProduct.readings("kg/(m2 s)").first?.powers == ["g": 1, "m": -2, "s": -1])
    }
}
