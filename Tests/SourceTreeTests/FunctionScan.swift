/// A function, initialiser, deinitialiser or computed property with a body.
struct Function: Equatable {
    let name: String
    let firstLine: Int
    let lastLine: Int
    /// What stands between the braces.
    let body: ArraySlice<Token>

    var length: Int { lastLine - firstLine + 1 }
}

extension SwiftSource {
    /// Every function of the file with a body, nested ones too, in order.
    func functions() -> [Function] {
        tokens.indices.compactMap { index in
            guard let name = nameOfDeclaration(at: index), let open = bodyStart(after: index) else {
                return nil
            }
            let close = closingBrace(of: open)
            return Function(
                name: name,
                firstLine: tokens[index].line,
                lastLine: tokens[close].line,
                body: tokens[(open + 1)..<max(open + 1, close)]
            )
        }
    }

    private func text(_ index: Int) -> String { tokens.indices.contains(index) ? tokens[index].text : "" }

    /// `x.init(...)` is a call; a declaration has no dot before it.
    private func nameOfDeclaration(at index: Int) -> String? {
        guard text(index - 1) != ".", text(index - 1) != "`" else { return nil }
        switch text(index) {
        case "func", "var": return text(index + 1)
        case "init" where ["(", "<", "?"].contains(text(index + 1)): return "init"
        case "deinit": return "deinit"
        default: return nil
        }
    }

    /// The brace that opens the body; nil for a requirement of a protocol and for a stored property.
    private func bodyStart(after index: Int) -> Int? {
        let ending: Set = [
            "}", "func", "var", "let", "init", "deinit", "subscript", "case", "static", "public", "private",
            "internal", "fileprivate", "mutating", "associatedtype", "typealias", "struct", "enum", "class",
            "actor", "extension", "protocol", "for", "if", "while", "guard", "switch", "return", "do",
            "repeat",
            "defer", "try", "await", "#", ";",
        ]
        let isProperty = text(index) == "var"
        var depth = 0
        for next in (index + 1)..<max(index + 1, tokens.count) {
            switch text(next) {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return next
            case "=" where depth == 0 && isProperty: return nil
            case let word where depth < 0 || (depth == 0 && next > index + 1 && ending.contains(word)):
                return nil
            default: break
            }
        }
        return nil
    }

    private func closingBrace(of open: Int) -> Int {
        var depth = 0
        for index in open..<tokens.count {
            if text(index) == "{" { depth += 1 }
            if text(index) == "}" { depth -= 1 }
            if depth == 0 { return index }
        }
        return tokens.count - 1
    }
}
