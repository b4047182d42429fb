import Foundation
import TestSupport
import Testing

@Suite struct OutputTests {
    private let problem = Places.deploy.appending(path: "cases/berlin/osse_sources.nc")

    @Test func theInputIsNotReplacedByTheResult() async throws {
        let folder = try TemporaryFolder()
        let copy = folder.file("problem.nc")
        try FileManager.default.copyItem(at: problem, to: copy)
        let before = try Data(contentsOf: copy)
        let runs = [
            ["invert", "--problem", copy.path, "--output", copy.path],
            ["grid", copy.path, "--box", "0,0,1,1", "--step", "1", "--output", copy.path],
        ]
        for arguments in runs {
            let run = try await ProgramRun.run(Places.crosswind, arguments)
            #expect(run.status == 64)
            #expect(run.standardError.contains("the output is the input"))
        }
        #expect(try Data(contentsOf: copy) == before)
    }

    @Test func aDeviceIsNotReplacedByTheResult() async throws {
        let run = try await ProgramRun.crosswind("invert", "--problem", problem.path, "--output", "/dev/null")
        #expect(run.status == 74)
        #expect(run.standardError.contains("not a regular file"))
        let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
        #expect(type == .typeCharacterSpecial)
    }

    @Test(arguments: ["--help", "invert --problem", "doctor --json"])
    func aFullStandardOutputIsAnInputOutputError(command: String) async throws {
        let arguments = command == "invert --problem" ? command + " '\(problem.path)'" : command
        let run = try await ProgramRun.run(
            URL(filePath: "/bin/sh"),
            ["-c", "'\(Places.crosswind.path)' \(arguments) > /dev/full"]
        )
        #expect(run.status == 74)
        #expect(run.standardError.contains("standard output"))
    }

    @Test(arguments: ["1e300", "-1", "0", "nan"])
    func anImpossibleIdleTimeIsAUsageError(seconds: String) async throws {
        let network = Places.repository.appending(path: "stations/tacolneston.json").path
        let run = try await ProgramRun.crosswind(
            "ingest",
            "--broker",
            "mqtt://127.0.0.1:1",
            "--network",
            network,
            "--store",
            "unused.sqlite",
            "--until-idle=\(seconds)"
        )
        #expect(run.status == 64)
        #expect(run.standardError.split(separator: "\n").count == 1)
    }
}
