/// A reader of tags, strict enough to find what a browser would silently repair.
enum Markup {
    private static let void: Set<Substring> = ["meta", "br", "img"]

    /// Tags that are not closed in order, attributes without quotes, text with bare angle brackets.
    static func faults(_ page: String) -> [String] {
        var faults: [String] = []
        var open: [Substring] = []
        var rest = page[...]
        while let start = rest.firstIndex(of: "<") {
            if rest[..<start].contains(">") && open.last != "style" { faults.append("bare >") }
            rest = rest[rest.index(after: start)...]
            guard let end = rest.firstIndex(of: ">") else { return faults + ["unclosed tag"] }
            let tag = rest[..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("!") { continue }
            let name = tag.prefix { $0 != " " && $0 != "/" || $0 == tag.first }
            if tag.hasPrefix("/") {
                let expected = open.popLast()
                if expected != tag.dropFirst() { faults.append("\(tag) closes \(expected ?? "nothing")") }
            } else if !tag.hasSuffix("/"), !void.contains(name) {
                open.append(name)
            }
            if tag.count(where: { $0 == "\"" }) % 2 != 0 { faults.append("odd quotes in \(tag)") }
        }
        return faults + open.map { "\($0) left open" }
    }

    /// Links within the page that lead nowhere, and ids given twice.
    static func brokenLinks(_ page: String) -> [String] {
        let ids = values(of: " id=\"", in: page)
        let twice = Dictionary(grouping: ids) { $0 }.filter { $1.count > 1 }.keys.sorted()
        let known = Set(ids)
        let targets = values(of: "href=\"#", in: page) + values(of: "url(#", in: page, until: ")")
        return targets.filter { !known.contains($0) } + twice
    }

    private static func values(of key: String, in page: String, until end: Character = "\"") -> [String] {
        page.split(separator: key, omittingEmptySubsequences: false).dropFirst().map { rest in
            String(rest.prefix { $0 != end })
        }
    }
}
