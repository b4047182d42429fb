import Foundation
import Quantities
import TestSupport
import Testing

@testable import crosswind

/// Lines of a text without the last, empty one.
private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

@Test func helpNamesEveryVerb() async throws {
    for arguments in [["--help"], ["-h"], ["help"]] {
        let run = try await ProgramRun.run(Places.crosswind, arguments)
        #expect(run.status == 0)
        #expect(run.standardError.isEmpty)
        for verb in Verbs.all {
            #expect(lines(run.standardOutput).contains { $0.hasPrefix("  \(verb.name) ") }, "\(verb.name)")
        }
    }
}

@Test func aCallWithoutVerbIsAnErrorThatShowsTheHelp() async throws {
    let run = try await ProgramRun.crosswind()
    #expect(run.status == 64)
    #expect(run.standardOutput.isEmpty)
    #expect(run.standardError.contains("usage: crosswind VERB"))
}

@Test func theVersionIsOneLine() async throws {
    let run = try await ProgramRun.crosswind("--version")
    #expect(run.status == 0)
    #expect(run.standardOutput == "crosswind \(Version.current)\n")
}

@Test(arguments: Verbs.all.map { $0.name })
func helpOfAVerbListsEveryOptionOnce(name: String) async throws {
    let verb = try #require(Verbs.all.first { $0.name == name })
    let run = try await ProgramRun.crosswind(name, "--help")
    #expect(run.status == 0)
    #expect(run.standardOutput.contains("usage: crosswind \(name) [options]"))
    let forms = lines(run.standardOutput).filter { $0.hasPrefix("  --") }
        .compactMap { $0.split(separator: " ").first }
    #expect(forms.map(String.init) == verb.options.map { "--\($0.name)" } + ["--help"])
    #expect(Set(forms).count == forms.count)
    #expect(try await ProgramRun.crosswind("help", name).standardOutput == run.standardOutput)
}

@Test func everyVerbIsDescribed() {
    #expect(Set(Verbs.all.map { $0.name }).count == Verbs.all.count)
    for verb in Verbs.all {
        #expect(!verb.summary.isEmpty && !verb.summary.hasSuffix("."), "\(verb.name)")
        #expect(verb.discussion.contains("crosswind \(verb.name)"), "\(verb.name) shows no example")
        // `export --format json` gives the data themselves.
        let names = verb.options.map { $0.name }
        #expect(names.contains("json") || names.contains("format"), "\(verb.name) has no --json")
        for option in verb.options { #expect(!option.help.isEmpty, "\(verb.name) --\(option.name)") }
    }
}

@Test(arguments: [
    (["docter"], "crosswind: unknown verb: docter; did you mean doctor?"),
    (["--versoin"], "crosswind: unknown verb: --versoin; see `crosswind --help`"),
    (
        ["doctor", "--brokr", "x"],
        "crosswind: unknown option: crosswind doctor --brokr; did you mean --broker?"
    ),
    (
        ["doctor", "--zzzzzzzzz"],
        "crosswind: unknown option: crosswind doctor --zzzzzzzzz; see `crosswind doctor --help`"
    ),
    (
        ["doctor", "--broker"],
        "crosswind: option needs a value: crosswind doctor --broker; see `crosswind doctor --help`"
    ),
    (
        ["doctor", "--json=yes"],
        "crosswind: option takes no value: crosswind doctor --json; see `crosswind doctor --help`"
    ),
])
func aMistakeOnTheCommandLineIsOneLineAndStatus64(arguments: [String], line: String) async throws {
    let run = try await ProgramRun.run(Places.crosswind, arguments)
    #expect(run.status == 64)
    #expect(run.standardOutput.isEmpty)
    #expect(lines(run.standardError) == [line])
}

@Test func optionsAndOperandsAreToldApart() throws {
    let verb = DoctorVerb()
    let options = try Options(
        parsing: ["a.nc", "--store=x=y", "--broker", "--json", "--json", "--", "--b.nc"],
        for: verb
    )
    #expect(options.operands == ["a.nc", "--b.nc"])
    #expect(options.text("store") == "x=y")
    #expect(options.text("broker") == "--json")
    #expect(options.isSet("json"))
    #expect(options.texts("store") == ["x=y"])
}

@Test(arguments: ["1e400", "nan", "ten", "", "inf"])
func aNumberThatIsNoneIsAnError(text: String) throws {
    let options = try Options(parsing: ["--store", text], for: DoctorVerb())
    #expect(throws: UsageError.self) { try options.number("store") }
    #expect(throws: UsageError.self) { try options.integer("store") }
}

@Test func anEmptyValueTakesNothingOfWhatFollows() throws {
    let options = try Options(parsing: ["--store=", "--json"], for: DoctorVerb())
    #expect(options.text("store") == "" && options.isSet("json"))
}

@Test func aClosedPipeIsNotAFailure() async throws {
    let script = "set -o pipefail; '\(Places.crosswind.path)' --help | true"
    let run = try await ProgramRun.run(URL(filePath: "/bin/bash"), ["-c", script])
    #expect(run.status == 0, "\(run.standardError)")
}
