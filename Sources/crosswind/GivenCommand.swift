/// The command line as it was given, as a shell would take it again.
enum GivenCommand {
    static var text: String { text(CommandLine.arguments.dropFirst(), without: []) }

    /// Without options that do not bear on a single bit of the result: the same work gives the same bytes however many
    /// threads did it.
    static func text(without options: Set<String>) -> String {
        text(CommandLine.arguments.dropFirst(), without: options)
    }

    static func text(_ arguments: some Sequence<String>, without options: Set<String>) -> String {
        var words = ["crosswind"]
        var isValue = false
        for argument in arguments {
            if isValue {
                isValue = false
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if let name = parts.first, name.hasPrefix("--"), options.contains(String(name.dropFirst(2))) {
                isValue = parts.count == 1
                continue
            }
            words.append(quoted(argument))
        }
        return words.joined(separator: " ")
    }

    /// In apostrophes where a shell would read more into it than the letters.
    static func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || "-_./:,=+@%".unicodeScalars.contains(scalar)
        }
        return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
