import Testing

private func shipped() throws -> [SwiftSource] { try SourceTree.swift(in: "Sources") }

private func lines(_ rule: (SwiftSource) -> [Finding], _ text: String) -> [Int] {
    rule(SwiftSource(path: "Sources/Geo/A.swift", text: text)).map(\.line)
}

@Test func nothingIsLeftUnfinished() throws {
    expectNone(try SourceTree.swift().flatMap(Marks.unfinished))
}

@Test func badInputNeverTraps() throws {
    let sources = try shipped() + SourceTree.swift(in: "Benchmarks")
    expectNone(sources.flatMap(Marks.trapping))
    expectNone(sources.flatMap(Marks.forcedUnwrapping))
}

@Test func nothingIsUntyped() throws {
    expectNone(try shipped().flatMap(Marks.untyped))
}

@Test func everyPromiseToTheCompilerHasItsReason() throws {
    expectNone(try SourceTree.swift().flatMap(Marks.unexplainedPromises))
}

@Test func noCodeIsCommentedOut() throws {
    expectNone(try SourceTree.swift().flatMap(Marks.commentedOutCode))
}

@Test func onlyTheCommandPrints() throws {
    expectNone(try shipped().filter { $0.module != "crosswind" }.flatMap(Marks.printing))
}

@Test func noTextNamesAPathOfSomeMachine() throws {
    let findings = try SourceTree.prose().flatMap { Marks.machinePaths($0, try SourceTree.text(of: $0)) }
    expectNone(findings)
}

@Test func unfinishedWorkIsSeen() {
    #expect(
        lines(Marks.unfinished, "let a = \"TODO\"\n// FIXME later\n/* HACK */ let b\n// TODOS") == [2, 3]
    )
}

@Test func trapsAreSeen() {
    #expect(lines(Marks.trapping, "try! f()\na as! B\nfatalError(\"x\")\ntry f()\n// try! x") == [1, 2, 3])
}

@Test(arguments: ["a!", "f()!.x", "a[0]!", "let a: Int!", "\"\\(a!)\"", "x! = 5", "a?.b!"])
func forcedUnwrappingIsSeen(text: String) {
    #expect(lines(Marks.forcedUnwrapping, text) == [1])
}

@Test(arguments: ["a != b", "!a", "return !a", "if !a, !b", "f(!a)", "\"a!\"", "// a!", "try! a", "[!a]"])
func negationIsNotUnwrapping(text: String) {
    #expect(lines(Marks.forcedUnwrapping, text) == [])
}

@Test func untypedValuesAreSeen() {
    #expect(
        lines(Marks.untyped, "let a: Any\nlet b: [String: Any]\nlet c: AnyObject\n/// Any\nlet d: any P") == [
            1, 2,
        ]
    )
}

@Test func unexplainedPromisesAreSeen() {
    let text = """
        final class A: @unchecked Sendable {}
        // Guarded by `lock`.
        final class B: @unchecked Sendable {
            nonisolated(unsafe) var c = 0  // guarded by `lock`

            nonisolated(unsafe) var d = 0
        """
    #expect(lines(Marks.unexplainedPromises, text) == [1, 6])
}

@Test(arguments: [
    "// let a = 1", "// var b: Int", "// func f(a: Int) {", "// import Geo", "// return f(x)", "// f(a, b)",
    "// a.b = c", "// }", "// if a < b {", "// try await session.run()", "    // self.total += part[0]",
    "// a();",
])
func codeInACommentIsSeen(text: String) {
    #expect(lines(Marks.commentedOutCode, text) == [1])
}

@Test(arguments: [
    "// A closed pipe is the reader's choice, not a failure of the run.", "// if the file is not there (yet)",
    "/// let a = 1", "// MARK: - Reading", "// for a year of 365.25 days (Julian)",
    "// swift-tools-version: 6.2",
    "let a = 1  // seconds", "// E = m c2 (Einstein 1905)",
    "// return to the caller what it gave (unchanged)",
])
func aSentenceInACommentIsNotCode(text: String) {
    #expect(lines(Marks.commentedOutCode, text) == [])
}

@Test func printingIsSeen() {
    #expect(
        lines(Marks.printing, "print(a)\nJSONSummary.print(a)\nstatic func print() {}\n// print(a)") == [1]
    )
}

@Test func aMachinePathIsSeen() {
    let folders = ["work", "root", "home", "tmp"]
    for folder in folders {
        #expect(Marks.machinePaths("a", "see\n`/\(folder)/someone`").map(\.line) == [2])
        let within = "src/\(folder)/a and/or $HOME/\(folder)/ ${folder}/\(folder)"
        #expect(Marks.machinePaths("a", within).isEmpty)
    }
}
