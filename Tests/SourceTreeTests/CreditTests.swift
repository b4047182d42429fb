import Testing

/// What the credit list names: the paths of the first column, with `*` for any run of characters.
private func creditedPatterns(_ list: String) -> [String] {
    list.split(separator: "\n").filter { $0.hasPrefix("|") }.flatMap { row in
        row.split(separator: "|").first.map { cell in
            cell.matches(of: /`([^`]+)`/).map { String($0.1) }
        } ?? []
    }
}

private func matches(_ path: String, _ pattern: String) -> Bool {
    var rest = path[...]
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, rest.hasPrefix(first) else { return false }
    rest = rest.dropFirst(first.count)
    for part in parts.dropFirst() {
        guard let range = part.isEmpty ? rest.endIndex..<rest.endIndex : rest.firstRange(of: part) else {
            return false
        }
        rest = rest[range.upperBound...]
    }
    return rest.isEmpty
}

private func uncredited(_ files: [String], _ list: String) -> [String] {
    let patterns = creditedPatterns(list)
    return files.filter { path in !patterns.contains { matches(path, $0) } }
}

private func dataFiles() -> [String] {
    let data: Set = ["nc", "nc4", "h5", "csv", "txt", "dat", "bin", "geojson", "tif", "grib", "zip", "gz"]
    return SourceTree.files(in: ["deploy", "grids"]).filter { data.contains(SourceTree.suffix(of: $0)) }
        + SourceTree.files(in: ["Tests/Fixtures"]).filter { !$0.hasSuffix("/CREDITS.md") }
}

private func credits() throws -> String { try SourceTree.text(of: "Tests/Fixtures/CREDITS.md") }

@Test func everyDataFileIsCredited() throws {
    #expect(dataFiles().contains("deploy/records/hamburg-drive.csv"))
    #expect(uncredited(dataFiles(), try credits()) == [])
}

@Test func everyCreditHasItsFile() throws {
    let patterns = creditedPatterns(try credits())
    #expect(patterns.count >= 7)
    for pattern in patterns {
        #expect(dataFiles().contains { matches($0, pattern) }, "\(pattern) is credited and not there")
    }
}

@Test func aFileWithoutCreditIsSeen() {
    let list = "| file | what |\n| --- | --- |\n| `a/b.nc`, `a/osse_*.nc` | `c/d.nc` is not a file here |\n"
    #expect(
        uncredited(["a/b.nc", "a/osse_x.nc", "c/d.nc", "a/osse_x.csv"], list) == ["c/d.nc", "a/osse_x.csv"]
    )
}
