import Foundation
import Testing

/// Findings of one file in Sources.
private func layering(_ source: SwiftSource) -> [Finding] {
    source.imports().compactMap { line in
        Layers.objection(to: source.module, importing: line.module).map { source.finding(line.line, $0) }
    }
}

/// `library("X", ["A", "B"], ...)` and `name: "X", dependencies: ["A", "B"]` of the manifest.
private func declaredDependencies(_ manifest: String) -> [String: Set<String>] {
    let pattern =
        /(?:library\(\s*|name: )"(?<name>\w+)",\s*(?:dependencies:\s*)?\[(?<dependencies>[^\]]*)\]/
    return manifest.matches(of: pattern).reduce(into: [:]) { table, match in
        let names = match.output.dependencies.matches(of: /"(\w+)"/).map { String($0.1) }
        table[String(match.output.name)] = Set(names)
    }
}

private func undeclared(_ source: SwiftSource, _ declared: [String: Set<String>]) -> [Finding] {
    source.imports().compactMap { line in
        guard Layers.position(of: line.module) != nil,
            declared[source.module]?.contains(line.module) != true
        else { return nil }
        return source.finding(
            line.line,
            "Package.swift does not let \(source.module) depend on \(line.module)"
        )
    }
}

/// Words that read, write or talk to the world.
private func inputOrOutput(_ source: SwiftSource) -> [Finding] {
    let words: Set = [
        "FileManager", "FileHandle", "URLSession", "Process", "ProcessInfo", "print", "contentsOf",
        "contentsOfFile", "fopen", "open", "socket",
    ]
    return source.tokens.enumerated().compactMap { index, token in
        let isMember = index > 0 && source.tokens[index - 1].text == "."
        guard words.contains(token.text), !isMember else { return nil }
        // A word is a call or a type here; as the label of an argument only `contentsOf` of data counts.
        let next = index + 1 < source.tokens.count ? source.tokens[index + 1].text : ""
        let previous = index > 1 ? source.tokens[index - 2].text : ""
        let isCall = next == "(" || next == "."
        let isReading = next == ":" && ["Data", "String", "NSData"].contains(previous)
        return isCall || isReading ? source.finding(token.line, "\(token.text) in a domain module") : nil
    }
}

@Test func everyModuleHasItsPlaceAmongTheLayers() throws {
    let folders = Set(SourceTree.files(in: ["Sources"]).map { String($0.split(separator: "/")[1]) })
    let placed = Layers.all.flatMap(\.modules)
    #expect(folders == Set(placed))
    #expect(placed.count == Set(placed).count)
}

@Test func importsOnlyPointDownwards() throws {
    expectNone(try SourceTree.swift(in: "Sources").flatMap(layering))
}

@Test func everyCLibraryHasExactlyOneDriver() throws {
    var importers: [String: Set<String>] = [:]
    for source in try SourceTree.swift(in: "Sources") {
        for line in source.imports() where Layers.all[0].modules.contains(line.module) {
            importers[line.module, default: []].insert(source.module)
        }
    }
    importers["CInterop"] = nil
    // HDF5 is reached through CInterop, whose header wraps the few calls that are needed.
    for (library, driver) in Layers.driverOfLibrary where library != "CHDF5" {
        #expect(importers[library] == [driver], "\(library)")
    }
    #expect(importers["CHDF5", default: ["NetCDF"]] == ["NetCDF"])
}

@Test func everyImportIsDeclaredInTheManifest() throws {
    let declared = declaredDependencies(try SourceTree.text(of: "Package.swift"))
    #expect(declared["Geo"] == ["Quantities"])
    #expect(declared["crosswind"]?.contains("Pipeline") == true)
    expectNone(try SourceTree.swift(in: "Sources").flatMap { undeclared($0, declared) })
}

@Test func theDomainDoesNoInputOrOutput() throws {
    let domain = try SourceTree.swift(in: "Sources").filter { Layers.domain.contains($0.module) }
    expectNone(domain.flatMap(inputOrOutput))
}

@Test(arguments: [
    ("Geo", "Archive", "stands above"), ("Geo", "Observations", "not before"),
    ("SQLite", "NetCDF", "not before"),
    ("Geo", "CNetCDF", "for drivers only"), ("SQLite", "CNetCDF", "belongs to the driver NetCDF"),
    ("Inversion", "NetCDF", "no input or output"), ("Report", "Pipeline", "not before"),
    ("Geo", "Alamofire", "no place"), ("Unknown", "Geo", "no place"), ("Quantities", "crosswind", "above"),
])
func anImportAgainstTheLayersIsSeen(module: String, imported: String, objection: String) {
    let source = SwiftSource(
        path: "Sources/\(module)/A.swift",
        text: "// import Geo\npublic import \(imported)\n"
    )
    let findings = layering(source)
    #expect(findings.map(\.line) == [2])
    #expect(findings.first?.message.contains(objection) == true)
}

@Test(arguments: [
    ("Inversion", "LinearAlgebra"), ("Ingest", "Archive"), ("NetCDF", "CInterop"), ("NetCDF", "CHDF5"),
    ("Concurrent", "Quantities"), ("Geo", "Foundation"), ("crosswind", "Service"), ("Archive", "SQLite"),
])
func anImportAlongTheLayersIsAllowed(module: String, imported: String) {
    #expect(Layers.objection(to: module, importing: imported) == nil)
}

@Test func everyFormOfImportIsSeen() {
    let text = """
        import A
        @testable import B
        public import struct C.D
        @preconcurrency internal import E
        let text = "import F"
        """
    #expect(SwiftSource(path: "a", text: text).imports().map(\.module) == ["A", "B", "C", "E"])
}

@Test func anUndeclaredDependencyIsSeen() {
    let declared = declaredDependencies(#"library("Geo", ["Quantities"], domain)"#)
    let source = SwiftSource(path: "Sources/Geo/A.swift", text: "import Quantities\nimport Concurrent\n")
    #expect(undeclared(source, declared).map(\.line) == [2])
}

@Test func readingAFileInTheDomainIsSeen() {
    let text = """
        let a = try Data(contentsOf: url)
        list.append(contentsOf: more)
        FileManager.default.x()
        file.open()
        print(a)
        """
    #expect(inputOrOutput(SwiftSource(path: "Sources/Geo/A.swift", text: text)).map(\.line) == [1, 3, 5])
}
