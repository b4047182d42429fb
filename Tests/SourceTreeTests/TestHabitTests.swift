import Testing

/// Names of functions that assert, directly or through another.
private func assertingFunctions(_ sources: [SwiftSource]) -> Set<String> {
    let functions = sources.flatMap { $0.functions() }
    var asserting: Set<String> = []
    var grew = true
    while grew {
        let found = functions.filter { asserts($0, knowing: asserting) }.map(\.name)
        grew = !asserting.isSuperset(of: found)
        asserting.formUnion(found)
    }
    return asserting
}

private func asserts(_ function: Function, knowing asserting: Set<String>) -> Bool {
    let body = Array(function.body.map(\.text))
    return body.indices.contains { index in
        let before = index > 0 ? body[index - 1] : ""
        return (before == "#" && ["expect", "require"].contains(body[index]))
            || (before == "." && body[index] == "record" && index > 1 && body[index - 2] == "Issue")
            || ["confirmation", "withKnownIssue"].contains(body[index])
            || asserting.contains(body[index])
    }
}

/// Functions marked `@Test` that cannot fail.
private func idleTests(_ source: SwiftSource, knowing asserting: Set<String>) -> [Finding] {
    let marked = source.code.indices.filter { source.code[$0].contains(/@Test\b/) }.map { $0 + 1 }
    let functions = source.functions()
    return marked.compactMap { line in
        guard let function = functions.first(where: { $0.firstLine >= line }),
            !asserts(function, knowing: asserting)
        else { return nil }
        return source.finding(function.firstLine, "\(function.name) asserts nothing")
    }
}

private func testFiles() throws -> [SwiftSource] {
    try SourceTree.swift(in: "Tests").filter { !$0.isIn("Tests/Support") }
}

@Test func everyTestAssertsSomething() throws {
    let asserting = assertingFunctions(try SourceTree.swift(in: "Tests"))
    expectNone(try testFiles().flatMap { idleTests($0, knowing: asserting) })
}

@Test func everyTestTargetHasAFolderAndEveryFolderATarget() throws {
    let manifest = try SourceTree.text(of: "Package.swift").filter { !$0.isWhitespace }
    let folders = Set(try testFiles().map(\.module))
    #expect(!folders.isEmpty)
    for folder in folders {
        let module = folder.replacing("Tests", with: "")
        #expect(manifest.contains("\"\(folder)\"") || manifest.contains("(\"\(module)\",["), "\(folder)")
    }
}

@Test func anIdleTestIsSeen() {
    let text = """
        @Test func asserts() { #expect(a) }
        @Test(arguments: [1])
        func throughAHelper(a: Int) { try check(a) }
        func check(_ a: Int) { checkMore(a) }
        func checkMore(_ a: Int) { #require(a) }
        @Test func idle() { run() }
        func run() { print("#expect(") }
        @Test func records() { Issue.record("x") }
        """
    let source = SwiftSource(path: "Tests/GeoTests/A.swift", text: text)
    #expect(idleTests(source, knowing: assertingFunctions([source])).map(\.line) == [6])
}
