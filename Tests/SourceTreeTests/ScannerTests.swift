import Testing

private func code(_ text: String) -> String { String(decoding: SwiftScanner(text).code, as: UTF8.self) }
private func comments(_ text: String) -> String {
    String(decoding: SwiftScanner(text).comments, as: UTF8.self)
}

@Test func commentsAndStringsAreNotCode() {
    #expect(code(#"let a = "x { y" // b"#) == #"let a = "     "     "#)
    #expect(comments(#"let a = "x // y" // b"#) == #"                 // b"#)
    #expect(code("a /* b /* c */ d */ e") == "a                   e")
}

@Test func interpolatedExpressionsAreCode() {
    #expect(code(#"let a = "a\(f("b)"))c" + d"#) == #"let a = "   f("  ")  " + d"#)
    #expect(code(##"#"a\(b)\#(c)"#"##).contains("c"))
    #expect(!code(##"#"a\(b)\#(c)"#"##).contains("b"))
}

@Test func multilineAndRawStringsEndWhereTheyShould() {
    let text = "let a = \"\"\"\n  { \"quoted\" {\n  \"\"\"\nlet b = 1"
    #expect(code(text).contains("let b = 1"))
    #expect(!code(text).contains("{"))
    #expect(code(text).split(separator: "\n", omittingEmptySubsequences: false).count == 4)
    #expect(code(##"let a = #"{ " {"#; let b"##).hasSuffix("; let b"))
}

@Test func aSlashIsARegexOnlyWhereAnOperandIsExpected() {
    #expect(code(#"f(/"{/, g)"#) == "f(    , g)")
    #expect(code("f(#/{\n\"/#, g)") == "f(   \n   , g)")
    #expect(code("a / b / c") == "a / b / c")
    #expect(code("(a + b)/c") == "(a + b)/c")
}

@Test func functionsAreMeasuredFromNameToClosingBrace() {
    let source = SwiftSource(
        path: "Sources/Geo/A.swift",
        text: """
            protocol P {
                func required(a: Int) -> Int
                var size: Int { get }
                init(a: Int)
            }
            struct A {
                var stored = [1, 2].map { $0 }
                init(a: Int = { 1 }()) {
                    self.init(b: "}")
                }
                func outer<T>(_ f: () -> T = { fatal }) throws(E) -> [T] where T: P {
                    func inner() { a.forEach { print($0) } }
                    return []
                }
                var computed: Int {
                    1
                }
                deinit { close() }
            }
            """
    )
    let functions = source.functions()
    #expect(functions.map(\.name) == ["size", "init", "outer", "inner", "computed", "deinit"])
    #expect(functions.map(\.firstLine) == [3, 8, 11, 12, 15, 18])
    #expect(functions.map(\.length) == [1, 3, 4, 1, 3, 1])
}

@Test func theWholeTreeIsScanned() throws {
    let sources = try SourceTree.swift()
    #expect(sources.contains { $0.path == "Package.swift" })
    #expect(sources.contains { $0.path == "Sources/crosswind/Crosswind.swift" })
    #expect(sources.contains { $0.path == "Tests/SourceTreeTests/ScannerTests.swift" })
    #expect(sources.contains { $0.path == "Benchmarks/Benchmarks.swift" })
    for source in sources {
        #expect(source.code.count == source.lines.count, "\(source.path)")
        let braces = source.tokens.reduce(0) { $0 + ($1.text == "{" ? 1 : $1.text == "}" ? -1 : 0) }
        #expect(braces == 0, "\(source.path): braces do not balance after scanning")
    }
}
