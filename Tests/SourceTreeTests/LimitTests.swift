import Testing

private enum Limit {
    static let file = 400
    static let function = 50
    static let testFunction = 70
    static let column = 110
    /// For what the formatter does not wrap: comments and the text of strings.
    static let proseColumn = 120
}

private func longFile(_ source: SwiftSource) -> [Finding] {
    source.lines.count > Limit.file
        ? [source.finding(source.lines.count, "\(source.lines.count) lines; the limit is \(Limit.file)")] : []
}

private func longFunctions(_ source: SwiftSource) -> [Finding] {
    let limit = source.isIn("Tests") ? Limit.testFunction : Limit.function
    return source.functions().filter { $0.length > limit }.map {
        source.finding($0.firstLine, "\($0.name) has \($0.length) lines; the limit is \(limit)")
    }
}

private func longLines(_ source: SwiftSource) -> [Finding] {
    source.lines.indices.compactMap { index in
        let code = source.code[index]
        let columns = source.lines[index].count
        // A name that fills its line alone cannot be wrapped.
        if code.contains("\""), code.allSatisfy({ " \",".contains($0) }) { return nil }
        // Whatever is blank in the code and not in the line is comment or text.
        let isCode = source.lines[index].utf8.elementsEqual(code.utf8)
        let limit = isCode ? Limit.column : Limit.proseColumn
        return columns > limit
            ? source.finding(index + 1, "\(columns) columns; the limit is \(limit)") : nil
    }
}

private func undocumentedTypes(_ source: SwiftSource) -> [Finding] {
    let declaration = /^public\s+(?:final\s+|indirect\s+)?(?:struct|enum|class|actor|protocol)\s+(\w+)/
    return source.code.enumerated().compactMap { index, line in
        guard let match = line.firstMatch(of: declaration) else { return nil }
        let above = source.lines[..<index].last { !$0.hasPrefix("@") }
        return above?.hasPrefix("///") == true
            ? nil : source.finding(index + 1, "public \(match.1) has no documentation")
    }
}

@Test func noFileIsLongerThanTheLimit() throws {
    expectNone(try SourceTree.swift().flatMap(longFile))
}

@Test func noFunctionIsLongerThanTheLimit() throws {
    expectNone(try SourceTree.swift().flatMap(longFunctions))
}

@Test func noLineIsLongerThanTheLimit() throws {
    expectNone(try SourceTree.swift().flatMap(longLines))
}

@Test func everyPublicTypeIsDocumented() throws {
    expectNone(try SourceTree.swift(in: "Sources").flatMap(undocumentedTypes))
}

@Test(arguments: [(400, 0), (401, 1)])
func aLongFileIsSeen(lines: Int, findings: Int) {
    let text = Array(repeating: "let a = 1\n", count: lines).joined()
    #expect(longFile(SwiftSource(path: "a", text: text)).count == findings)
}

@Test(arguments: [
    ("Sources/Geo/A.swift", 50, 0), ("Sources/Geo/A.swift", 51, 1), ("Tests/GeoTests/A.swift", 70, 0),
    ("Tests/GeoTests/A.swift", 71, 1),
])
func aLongFunctionIsSeen(path: String, lines: Int, findings: Int) {
    let body = Array(repeating: "    step(\"}\")\n", count: lines - 2).joined()
    let text = "struct A {\nfunc long() {\n\(body)}\n}\n"
    #expect(
        longFunctions(SwiftSource(path: path, text: text)).map(\.line) == Array(repeating: 2, count: findings)
    )
}

@Test func aLongLineIsSeen() {
    func line(_ length: Int) -> String { String(repeating: "a", count: length) }
    let text = """
        \(line(110))
        \(line(111))
        // \(line(117))
        // \(line(118))
        f("\(line(115))")
        f("\(line(116))")
            "\(line(200))",
        """
    #expect(longLines(SwiftSource(path: "a", text: text)).map(\.line) == [2, 4, 6])
}

@Test func anUndocumentedTypeIsSeen() {
    let text = "/// Documented.\n@globalActor\npublic struct A {}\n\npublic final class B {}\nstruct C {}\n"
    #expect(undocumentedTypes(SwiftSource(path: "a", text: text)).map(\.line) == [5])
}
