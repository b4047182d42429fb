import Foundation
import TestSupport
import Testing

@testable import crosswind

private let readme = Places.repository.appending(path: "README.md")
private let isThere = FileManager.default.fileExists(atPath: readme.path)

/// Targets of links into the repository.
private func localLinks(_ text: String) -> [String] {
    text.matches(of: /\]\(([^)#\s]+)[^)]*\)/).map { String($0.1) }.filter { !$0.contains("://") }
}

@Test(.enabled(if: isThere, "there is no README yet"))
func theReadmeNamesEveryVerb() throws {
    let text = try String(contentsOf: readme, encoding: .utf8)
    for verb in Verbs.all {
        let isNamed = text.contains("`\(verb.name)`") || text.contains("crosswind \(verb.name)")
        #expect(isNamed, "\(verb.name)")
    }
}

@Test(.enabled(if: isThere, "there is no README yet"))
func theLinksOfTheReadmeLeadSomewhere() throws {
    for link in localLinks(try String(contentsOf: readme, encoding: .utf8)) {
        let target = Places.repository.appending(path: link)
        #expect(FileManager.default.fileExists(atPath: target.path), "\(link)")
    }
}

@Test func linksIntoTheRepositoryAreFound() {
    let text = "Run `crosswind grid a.nc`, then\n    crosswind run case; [a](docs/a.md#b) [b](https://x.org/)"

    #expect(localLinks(text) == ["docs/a.md"])
}
