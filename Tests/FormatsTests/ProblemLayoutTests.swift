import Formats
import Foundation
import Inversion
import LinearAlgebra
import NetCDF
import TestSupport
import Testing

/// Problem files that say another thing than they seem to.
@Suite struct ProblemLayoutTests {
    /// Two observations of two elements: every matrix is square.
    struct Layout: Sendable {
        var dimensions: [String: [String]] = [
            "jacobian": ["observation", "state"], "observation_value": ["observation"],
            "observation_sigma": ["observation"], "prior_mean": ["state"], "prior_sigma": ["state"],
        ]
        var numbers: [String: [Double]] = ["jacobian": [1, 0.5, 0.2, 1]]
        var names = ["a", "b"]
        var texts: [String: (dimension: String, values: [String])] = [:]
        var attributes: [String: [String: Double]] = [:]

        mutating func add(_ name: String, _ dimensions: [String], _ values: [Double]) {
            self.dimensions[name] = dimensions
            numbers[name] = values
        }

        @NetCDFThread
        func write(to path: String) throws {
            var writer = try NetCDFWriter(replacing: path)
            let lengths = [
                ("observation", 2), ("state", 2), ("total", 2), ("other", 2), ("element", 4),
            ]
            for (name, length) in lengths { try writer.defineDimension(name, length: length) }
            let texts = texts.merging(["state_name": ("state", names)]) { $1 }
            for (name, dimensions) in dimensions {
                let attributes = (attributes[name] ?? [:]).map {
                    ($0.key, NetCDFAttribute.doubles([$0.value]))
                }
                let type: NetCDFType = name.hasPrefix("jacobian_") ? .int32 : .double
                try writer.defineVariable(name, type, dimensions: dimensions, attributes: attributes)
            }
            for (name, text) in texts {
                try writer.defineVariable(name, .string, dimensions: [text.dimension], attributes: [])
            }
            for name in dimensions.keys { try writer.write(numbers[name] ?? [1, 1], to: name) }
            for (name, text) in texts { try writer.write(text.values, to: name) }
            try writer.commit()
        }
    }

    static let bad: [(words: String, change: @Sendable (inout Layout) -> Void)] = [
        (
            "dimensions are (state, observation), expected (observation, state)",
            { $0.dimensions["jacobian"] = ["state", "observation"] }
        ),
        (
            "dimensions are (observation, other), expected (observation, state)",
            { $0.dimensions["jacobian"] = ["observation", "other"] }
        ),
        ("jacobian; transpose it", { $0.dimensions["jacobian"] = ["state", "observation"] }),
        (
            "dimensions are (state, total), expected (total, state)",
            {
                $0.texts["total_name"] = ("total", ["s", "t"])
                $0.add("total_weight", ["state", "total"], [1, 0, 0, 1])
            }
        ),
        ("prior_mean; name the dimensions", { $0.dimensions["prior_mean"] = ["observation"] }),
        ("dimensions are (state), expected (observation)", { $0.add("longitude", ["state"], [1, 2]) }),
        (
            "dimensions are (state, observation), expected (state, another)",
            {
                $0.dimensions["prior_sigma"] = nil
                $0.add("prior_covariance", ["state", "observation"], [1, 0, 0, 1])
            }
        ),
        (
            "stands beside prior_sigma",
            { $0.add("prior_covariance", ["state", "other"], [1, 0, 0, 1]) }
        ),
        (
            "a covariance matrix takes no such attribute",
            {
                $0.dimensions["prior_sigma"] = nil
                $0.add("prior_covariance", ["state", "other"], [1, 0, 0, 1])
                $0.attributes["prior_covariance"] = ["correlation_length_km": 10]
            }
        ),
        ("stands without total_weight", { $0.texts["total_name"] = ("total", ["s", "t"]) }),
        ("the name is blank: ", { $0.names = ["a", " "] }),
        ("state_name[1]; give every element a name", { $0.names = ["a", ""] }),
        (
            "total_weight[1, 0]; give 0 where",
            {
                $0.texts["total_name"] = ("total", ["s", "t"])
                $0.add("total_weight", ["total", "state"], [1, 0, .nan, 1])
            }
        ),
        (
            "prior_covariance[1, 0]",
            {
                $0.dimensions["prior_sigma"] = nil
                $0.add("prior_covariance", ["state", "other"], [1, 0, .infinity, 1])
            }
        ),
        ("give state_kind(state): flux,", { $0.texts["state_kind"] = ("state", ["flux", "flix"]) }),
        ("observation_value is 1e+300, which overflows", { $0.numbers["observation_value"] = [1e300, 1] }),
    ]

    @Test(arguments: bad.indices) func theVariableIsNamed(index: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        var layout = Layout()
        Self.bad[index].change(&layout)
        try await layout.write(to: path)
        let run = try await ProgramRun.crosswind("invert", "--problem", path)
        #expect(run.status == 65 && run.standardOutput.isEmpty, "\(Self.bad[index].words)")
        #expect(run.standardError.contains(Self.bad[index].words), "\(run.standardError)")
        #expect(!run.standardError.contains("ncdump") && run.standardError.contains("problem.nc"))
    }

    @Test func whatIsDocumentedIsRead() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        var layout = Layout()
        layout.dimensions["prior_sigma"] = nil
        layout.add("prior_covariance", ["state", "state"], [1, 0, 0, 1])
        try await layout.write(to: path)
        #expect(try await LinearProblemFile.read(path).problem.jacobian[0, 1] == 0.5)
    }

    @Test func observationsWithoutAGroupAreTold() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        var layout = Layout()
        layout.texts["observation_group"] = ("observation", ["x", ""])
        try await layout.write(to: path)
        let run = try await ProgramRun.crosswind("invert", "--problem", path, "--diagnostics")
        #expect(run.status == 0 && run.standardOutput.contains("(no group)"), "\(run.standardError)")
    }

    @Test func columnsOfASparseRowAreNamed() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("problem.nc").path
        for (columns, words) in [([0.0, 1, 0, 7], "jacobian_state[3]"), ([0, 0, 0, 1], "jacobian_state;")] {
            var layout = Layout()
            layout.add("jacobian", ["element"], [1, 1, 1, 1])
            layout.add("jacobian_count", ["observation"], [2, 2])
            layout.add("jacobian_state", ["element"], columns)
            try await layout.write(to: path)
            let run = try await ProgramRun.crosswind("invert", "--problem", path)
            #expect(run.status == 65 && run.standardError.contains(words), "\(run.standardError)")
        }
    }
}
