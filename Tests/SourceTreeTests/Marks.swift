/// Rules about single words and signs. Each gives the findings of one file.
enum Marks {
    /// Notes to self, in comments.
    static func unfinished(_ source: SwiftSource) -> [Finding] {
        source.comments.enumerated().compactMap { index, comment in
            comment.firstMatch(of: /\b(TODO|FIXME|XXX|HACK)\b/).map {
                source.finding(index + 1, "\($0.1) in a comment")
            }
        }
    }

    /// What ends the process on bad input.
    static func trapping(_ source: SwiftSource) -> [Finding] {
        source.tokens.indices.compactMap { index in
            let next = source.tokens.indices.contains(index + 1) ? source.tokens[index + 1].text : ""
            let text = source.tokens[index].text
            let traps =
                (["try", "as"].contains(text) && next == "!") || (text == "fatalError" && next == "(")
                || (text == "unsafelyUnwrapped")
            return traps ? source.finding(source.tokens[index].line, "\(text)\(next)") : nil
        }
    }

    /// `x!`, `f()!`, `a[0]!`, and types like `Int!`.
    static func forcedUnwrapping(_ source: SwiftSource) -> [Finding] {
        source.code.enumerated().flatMap { index, line in
            !line.contains("!")
                ? []
                : line.matches(of: /(\w+|[)\]}"`?])!(?!=)/)
                    .filter { !["try", "as", "in", "return"].contains(String($0.1)) }
                    .map { _ in source.finding(index + 1, "forced unwrapping") }
        }
    }

    /// `Any` as a type.
    static func untyped(_ source: SwiftSource) -> [Finding] {
        source.tokens.filter { $0.text == "Any" }.map { source.finding($0.line, "Any as a type") }
    }

    /// Promises to the compiler without a reason on the same line or in the comment above.
    static func unexplainedPromises(_ source: SwiftSource) -> [Finding] {
        let promise = /@unchecked\s+Sendable|nonisolated\s*\(\s*unsafe\s*\)/
        return source.code.indices.filter { source.code[$0].contains(promise) }.compactMap { index in
            let isExplained = [index - 1, index].contains { line in
                source.comments.indices.contains(line) && source.comments[line].contains(/\w/)
            }
            return isExplained
                ? nil : source.finding(index + 1, "a promise to the compiler without its reason")
        }
    }

    /// Statements in comments. Documentation may show code.
    static func commentedOutCode(_ source: SwiftSource) -> [Finding] {
        let statement =
            #/
            ^//\s* (?:
                (?:let|var) \s+ \w+ \s* (?:=|:\s*[A-Z\[]) .* |
                (?:(?:public|private|static|internal)\s+)*
                    (?:func|struct|class|enum|extension) \s+ \w+ .* [{)] |
                (?:@\w+ \s+)? import \s+ \w+ |
                (?:return|guard|try|await|throw|if|for|while|switch) \b .* [\{\)\]] |
                [\w.]+ \( .* \) |
                \w+ [.\[] [\w.\[\]]* \s* [\-+*\/]?= \s* [^=\s].* |
                [\}\{\)\]]+ | .* [^\s] \s* \{ | .* ;
            ) \s*$
            /#
        return source.comments.enumerated().compactMap { index, comment in
            let text = comment.drop { $0 == " " }
            guard text.hasPrefix("//"), !text.hasPrefix("///"), text.wholeMatch(of: statement) != nil,
                !isProse(text)
            else { return nil }
            return source.finding(index + 1, "code in a comment")
        }
    }

    /// A line of a sentence may begin with `if` or end with a parenthesis; code has no run of plain words.
    private static func isProse(_ text: Substring) -> Bool {
        text.contains(/[a-z]+ [a-z]+ [a-z]+ [a-z]+|[a-z], [a-z]+ [a-z]+/)
    }

    /// `print(` belongs to the command and the races.
    static func printing(_ source: SwiftSource) -> [Finding] {
        source.tokens.indices.compactMap { index in
            let before = index > 0 ? source.tokens[index - 1].text : ""
            let next = source.tokens.indices.contains(index + 1) ? source.tokens[index + 1].text : ""
            guard ["print", "debugPrint", "dump"].contains(source.tokens[index].text), next == "(",
                ![".", "func"].contains(before)
            else { return nil }
            return source.finding(source.tokens[index].line, "\(source.tokens[index].text)( in a module")
        }
    }

    /// Absolute paths of somebody's machine, in any text.
    static func machinePaths(_ path: String, _ text: String) -> [Finding] {
        let place = /(?:^|[^\w.~}\-])\/(?:work|root|home|tmp)\/\w/
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
            $1.contains(place) ? Finding(path: path, line: $0 + 1, message: "a path of some machine") : nil
        }
    }
}
