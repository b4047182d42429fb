import Foundation
import Inventory
import TestSupport
import Testing

/// What must not compile does not: small sources are given to the compiler with the built module.
@Suite(.enabled(if: Compiler.path != nil, "needs the compiler"))
struct BasisCompilationTests {
    private func verdict(_ expression: String) async throws -> ProgramRun {
        let folder = try TemporaryFolder()
        let source = folder.file("main.swift")
        let text = """
            import Inventory
            let tonnes = ActivityAmount<FuelTonne>(units: 100)
            let standardCoal = ActivityAmount<TonneOfCoalEquivalent>(units: 100)
            let perTonne = EmissionFactor<FuelTonne>(tonnesPerUnit: 1.9003)
            let perStandardCoal = EmissionFactor<TonneOfCoalEquivalent>(tonnesPerUnit: 2.492)
            let perGigajoule = EmissionFactor<Gigajoule>(tonnesPerUnit: 0.0946)
            print((\(expression)).tonnes)
            """
        try Data(text.utf8).write(to: source)
        let arguments = ["-typecheck", "-swift-version", "6", "-I", Compiler.modules.path, source.path]
        return try await ProgramRun.run(URL(filePath: try #require(Compiler.path)), arguments)
    }

    @Test(arguments: [
        "tonnes * perTonne", "standardCoal * perStandardCoal", "standardCoal.gigajoules * perGigajoule",
    ])
    func equalBasesCompile(_ expression: String) async throws {
        let run = try await verdict(expression)
        #expect(run.status == 0, "\(run.standardError)")
    }

    @Test(arguments: ["tonnes * perStandardCoal", "standardCoal * perTonne", "tonnes * perGigajoule"])
    func mixedBasesDoNotCompile(_ expression: String) async throws {
        let run = try await verdict(expression)
        #expect(run.status != 0)
        // For this reason and no other.
        #expect(run.standardError.contains("to expected argument type"), "\(run.standardError)")
        let places = run.standardError.split(separator: "\n").filter { $0.contains("main.swift:") }
        #expect(!places.isEmpty && places.allSatisfy { $0.contains("main.swift:7:") })
    }
}

private enum Compiler {
    /// Of this toolchain; nil where it is not installed.
    static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let candidates = folders.map { "\($0)/swiftc" }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) && hasModules }
    }()

    /// Beside the running tests.
    static let modules = URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
        .appending(path: "Modules")

    private static var hasModules: Bool {
        FileManager.default.fileExists(atPath: modules.appending(path: "Inventory.swiftmodule").path)
    }
}
