import Formats
import Foundation
import Inversion
import LinearAlgebra
import NetCDF
import TestSupport
import Testing

/// `crosswind invert` on problems whose Jacobian stays in its file.
@Suite struct InvertStreamedTests {
    private func problem(
        in folder: TemporaryFolder,
        named name: String = "problem.nc",
        _ change: (inout LinearProblemInput) throws -> Void = { _ in }
    ) async throws -> String {
        var input = try GriddedProblem.input()
        try change(&input)
        let path = folder.file(name).path
        try await LinearProblemFile.write(input, to: path)
        return path
    }

    private func invert(_ problem: String, _ arguments: [String]) async throws -> ProgramRun {
        try await ProgramRun.run(Places.crosswind, ["invert", "--problem", problem] + arguments)
    }

    /// A summary as numbers by path, without what names the program.
    private func numbers(_ value: Any, _ path: String = "") -> [String: Double] {
        switch value {
        case let object as [String: Any]:
            object.reduce(into: [:]) { found, entry in
                found.merge(numbers(entry.value, "\(path).\(entry.key)")) { $1 }
            }
        case let array as [Any]:
            array.enumerated().reduce(into: [:]) { found, entry in
                found.merge(numbers(entry.element, "\(path)[\(entry.offset)]")) { $1 }
            }
        case let number as NSNumber: [path: number.doubleValue]
        default: [path: .infinity]
        }
    }

    private func summary(_ run: ProgramRun) throws -> [String: Any] {
        #expect(run.status == 0, "\(run.standardError)")
        let json = try JSONSerialization.jsonObject(with: Data(run.standardOutput.utf8))
        return try #require(json as? [String: Any])
    }

    private func expectSame(_ one: [String: Any], _ other: [String: Any], keys: Set<String>) {
        let (first, second) = (numbers(one.filter { keys.contains($0.key) }), numbers(other))
        #expect(first.count > 10)
        for (path, value) in first where value.isFinite {
            let found = second[path] ?? .nan
            #expect(abs(found - value) <= 1e-10 * max(1, abs(value)), "\(path): \(value) and \(found)")
        }
    }

    @Test func theSummaryIsThatOfTheDenseSolve() async throws {
        let folder = try TemporaryFolder()
        let path = try await problem(in: folder)
        let dense = try summary(try await invert(path, ["--json", "--solver", "exact", "--space", "state"]))
        let rows = try summary(try await invert(path, ["--json", "--solver", "exact", "--memory", "0"]))
        #expect(Set(rows.keys).subtracting(dense.keys) == ["not_available"])
        #expect(Set(dense.keys).subtracting(rows.keys).isEmpty)
        expectSame(dense, rows, keys: Set(dense.keys).subtracting(["blas_threads"]))
        let missing = try #require(rows["not_available"] as? [String: String])
        #expect(missing.keys.sorted() == ["averaging_kernel", "solvers other than exact"])
    }

    @Test func thePreviewIsThatOfTheDenseSolve() async throws {
        let folder = try TemporaryFolder()
        let path = try await problem(in: folder)
        let sites = try await problem(in: folder, named: "sites.nc") {
            $0.problem.observationError = .independent([Double](repeating: 0.1, count: GriddedProblem.rows))
        }
        let arguments = ["--json", "--preview", "--candidates", sites]
        let dense = try summary(try await invert(path, arguments))
        let rows = try summary(try await invert(path, arguments + ["--memory", "0"]))
        #expect(Set(dense.keys) == Set(rows.keys))
        expectSame(
            dense,
            rows,
            keys: ["expected_sigma", "averaging_kernel_diagonal", "dofs", "information_bits", "observations"]
        )
        let candidates = try #require(rows["candidates"] as? [[String: Any]])
        let expected = try #require(dense["candidates"] as? [[String: Any]])
        #expect(candidates.map { $0["name"] as? String } == expected.map { $0["name"] as? String })
        let (bits, other) = (candidates[0]["information_bits"], expected[0]["information_bits"])
        #expect(abs((bits as? Double ?? .nan) - (other as? Double ?? 0)) < 1e-10)
    }

    @Test func groupsAreDiagnosedObservationByObservation() async throws {
        let folder = try TemporaryFolder()
        let path = try await problem(in: folder)
        let arguments = ["--json", "--diagnostics"]
        let dense = try summary(try await invert(path, arguments))
        let rows = try summary(try await invert(path, arguments + ["--memory", "0"]))
        let (own, other) = (rows["diagnostics"] as? [String: Any], dense["diagnostics"] as? [String: Any])
        let (byRows, whole) = (try #require(own), try #require(other))
        for key in ["information_bits", "innovation_chi2_per_observation"] {
            #expect(abs((byRows[key] as? Double ?? .nan) - (whole[key] as? Double ?? 0)) < 1e-9)
        }
        let groups = try #require(byRows["groups"] as? [[String: Any]])
        let theirs = try #require(whole["groups"] as? [[String: Any]])
        #expect(groups.compactMap { $0["name"] as? String } == ["roof-10", "van"])
        let sum = groups.compactMap { $0["dofs"] as? Double }.reduce(0, +)
        #expect(abs(sum - (rows["dofs"] as? Double ?? 0)) < 1e-10)
        for (one, two) in zip(groups, theirs) {
            let ratios = (one["desroziers_ratio"] as? Double, two["desroziers_ratio"] as? Double)
            #expect(abs((ratios.0 ?? .nan) - (ratios.1 ?? 0)) < 1e-10)
        }
        let missing = try #require(rows["not_available"] as? [String: String])
        #expect(missing["diagnostics.groups.information_added_bits"] != nil)
        let text = try await invert(path, ["--diagnostics", "--memory", "0"])
        #expect(text.standardOutput.contains("left out one by one"))
        #expect(text.standardOutput.contains("information_alone_bits: whole groups are left out in memory"))
    }

    @Test func aFolderTakesAllButWhatNeedsTheJacobian() async throws {
        let folder = try TemporaryFolder()
        let path = try await problem(in: folder)
        let (dense, rows) = (folder.file("dense"), folder.file("rows"))
        #expect(try await invert(path, ["--space", "state", "--output", dense.path]).status == 0)
        let run = try await invert(path, ["--memory", "0", "--diagnostics", "--output", rows.path])
        #expect(run.status == 0, "\(run.standardError)")
        #expect(run.standardError.contains("paris-concentrations is left out"))
        let names = try FileManager.default.contentsOfDirectory(atPath: rows.path).sorted()
        #expect(
            names == [
                "covariances.csv", "observations.csv", "paris-flux.nc", "posterior.nc", "states.csv",
                "summary.json", "totals.csv",
            ]
        )
        try await compare(
            rows.appending(path: "posterior.nc").path,
            dense.appending(path: "posterior.nc").path
        )
        for name in ["states.csv", "totals.csv", "covariances.csv", "observations.csv"] {
            let (own, other) = (try table(rows.appending(path: name)), try table(dense.appending(path: name)))
            #expect(own.count == other.count && own.count > 2)
            for (line, expected) in zip(own, other) {
                for (field, wanted) in zip(line, expected) {
                    guard let value = Double(field), let reference = Double(wanted) else {
                        #expect(field == wanted)
                        continue
                    }
                    #expect(abs(value - reference) <= 1e-10 * max(1, abs(reference)), "\(name)")
                }
            }
        }
        #expect(try table(rows.appending(path: "observations.csv"))[0].suffix(3).first == "leverage")
    }

    private func table(_ file: URL) throws -> [[Substring]] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
    }

    @NetCDFThread
    private func compare(_ path: String, _ reference: String) throws {
        let file = try NetCDFFile(reading: path)
        let dense = try NetCDFFile(reading: reference)
        for name in [
            "posterior_mean", "posterior_sigma", "posterior_covariance", "modelled_prior",
            "modelled_posterior", "dofs", "cost_per_observation", "innovation_chi2", "total_posterior",
            "total_posterior_covariance",
        ] {
            let (own, other) = (try file.doubles(name), try dense.doubles(name))
            #expect(
                zip(own, other).allSatisfy { abs($0 - $1) <= 1e-10 * max(1, abs($1)) }
                    && own.count == other.count,
                "\(name)"
            )
        }
        let (kernel, diagonal) = (
            try dense.doubles("averaging_kernel"), try file.doubles("averaging_kernel_diagonal")
        )
        #expect(diagonal.indices.allSatisfy { abs(kernel[7 * $0] - diagonal[$0]) < 1e-10 })
        let (hasKernel, leftOut) = (file.hasVariable("averaging_kernel"), file.text("left_out"))
        #expect(!hasKernel && leftOut?.contains("averaging_kernel") == true)
        #expect(try file.doubles("leverage").allSatisfy { (0...1).contains($0) })
        #expect(try file.doubles("left_out_sigma").allSatisfy { $0 > 0.2 })
    }

    @Test func whatNeedsTheJacobianIsRefusedWithAWayOut() async throws {
        let folder = try TemporaryFolder()
        let path = try await problem(in: folder)
        for (arguments, asked) in [
            (["--solver", "robust"], "--solver robust"), (["--solver", "all"], "--solver all"),
            (["--solver", "exact,gibbs"], "--solver exact,gibbs"),
            (["--solver", "lognormal"], "--solver lognormal"),
            (["--space", "observation"], "--space observation"), (["--sensitivity"], "--sensitivity"),
            (["--errors", "prior"], "--errors"), (["--basis", "regions"], "--basis"),
        ] {
            let run = try await invert(path, ["--memory", "0"] + arguments)
            #expect(run.status == 64 && run.standardOutput.isEmpty)
            #expect(run.standardError.contains("crosswind invert \(asked);"), "\(run.standardError)")
            #expect(run.standardError.contains("allow it with --memory 0.1"))
            #expect(run.standardError.split(separator: "\n").count == 1)
            guard ["--solver robust", "--sensitivity"].contains(asked) else { continue }
            #expect(try await invert(path, ["--memory", "0.1"] + arguments).status == 0)
        }
        let strict = try await invert(
            path,
            ["--memory", "0", "--paris", "--output", folder.file("out").path]
        )
        #expect(strict.status == 65 && strict.standardError.contains("need the jacobian in memory"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("out").path))
    }

    @Test func whatMakesNoSenseIsAUsageError() async throws {
        let folder = try TemporaryFolder()
        let path = try await problem(in: folder)
        for (arguments, words) in [
            (["--memory", "much"], "`much` is not a number of GiB"), (["--memory", "-1"], "`-1` is not"),
            (["--memory", "inf"], "`inf` is not"), (["--memory", "nan"], "`nan` is not"),
            (["--memory", "0", "--memory", "1"], "given twice"),
            (["--memory", "0", "--solver", "exakt"], "`exakt` is not all, or some of"),
            (["--memory", "0", "--space", "here"], "`here` is not `state`"),
            (["--memory", "0", "--candidates", path], "--preview beside --candidates"),
            (["--memory", "0", "--preview", "--diagnostics"], "--preview without --diagnostics"),
            (["--memory", "0", "--paris"], "--output beside --paris"),
            (["--memory", "0", "--output", path], "the output is the input"),
            (["--memory", "0", "--sequential", "s.json"], "no meaning beside --sequential"),
        ] {
            let run = try await invert(path, arguments)
            #expect(run.status == 64 && run.standardError.contains(words), "\(run.standardError)")
        }
        let other = try await ProgramRun.crosswind("invert", "--memory", "2", "case.json5")
        #expect(other.status == 64 && other.standardError.contains("--problem FILE, or one case file"))
    }

    @Test func aBadElementFarDownIsNamedByRowAndColumn() async throws {
        let folder = try TemporaryFolder()
        let wide = LinearProblem(
            jacobian: Matrix(rows: 600, columns: 3, storage: (0..<1800).map { $0 == 1651 ? .nan : 1 }),
            observations: [Double](repeating: 1, count: 600),
            observationError: .independent([Double](repeating: 1, count: 600)),
            priorMean: [1, 1, 1],
            priorError: .independent([1, 1, 1]),
            stateNames: ["a", "b", "c"]
        )
        let path = folder.file("nan.nc").path
        try await LinearProblemFile.write(LinearProblemInput(problem: wide), to: path)
        for arguments in [["--memory", "0"], ["--memory", "0", "--preview"], []] {
            let run = try await invert(path, arguments)
            #expect(run.status == 65, "\(run.standardError)")
            #expect(run.standardError.contains("nan.nc, jacobian[550, 1]; give finite numbers"))
        }
    }

    @Test func aFolderThatIsNotThereIsToldBeforeTheSolve() async throws {
        let folder = try TemporaryFolder()
        // Were it solved first, the Jacobian would be at fault.
        let path = try await problem(in: folder) { $0.problem.jacobian[3, 1] = .nan }
        for name in ["none/p.nc", "none/p.csv", "none/p.json"] {
            let run = try await invert(path, ["--memory", "0", "--output", folder.file(name).path])
            #expect(run.status == 74 && run.standardError.contains("the folder does not exist"))
        }
    }

    @Test func aSequenceIsNotBegunForAnOutputThatCannotBe() async throws {
        let folder = try TemporaryFolder()
        let path = try await problem(in: folder)
        let state = folder.file("state.json").path
        let tables = ["--output", folder.file("none/days.csv").path]
        let run = try await invert(path, ["--sequential", state] + tables)
        #expect(run.status == 74 && run.standardError.contains("the folder does not exist"))
        #expect(!FileManager.default.fileExists(atPath: state))
        let nowhere = try await invert(path, ["--sequential", folder.file("none/state.json").path])
        #expect(nowhere.status == 74 && nowhere.standardError.contains("the folder does not exist"))
    }

    @Test func anOutputBesideTheCallerIsWritten() async throws {
        let folder = try TemporaryFolder()
        let path = try await problem(in: folder)
        let command = "cd '\(folder.url.path)' && exec '\(Places.crosswind.path)' invert --problem '\(path)' "
        let run = try await ProgramRun.run(
            URL(filePath: "/bin/sh"),
            ["-c", command + "--memory 0 --output here.nc"]
        )
        #expect(run.status == 0, "\(run.standardError)")
        #expect(FileManager.default.fileExists(atPath: folder.file("here.nc").path))
    }

    @Test func aContradictionIsWarnedOf() async throws {
        let folder = try TemporaryFolder()
        let path = try await problem(in: folder) { $0.problem.observations[3] = 4000 }
        let run = try await invert(path, ["--memory", "0"])
        #expect(run.status == 0 && run.standardOutput.contains("warning: the observations contradict"))
    }
}
