import Quantities

/// A command line that cannot be understood. Exit status 64.
enum UsageError: Fault, Equatable {
    case unknownVerb(String, known: [String])
    case unknownOption(String, verb: String, known: [String])
    case missingValue(String, verb: String)
    case flagWithValue(String, verb: String)
    case missingOption(String, verb: String)
    case repeated(String, verb: String)
    case conflict(String, with: String, verb: String)
    case lacks(String, needs: String, verb: String)
    case badValue(String, String, expected: String, verb: String)
    case operands(expected: String, verb: String)

    var exitStatus: ExitStatus { .usage }

    var what: String {
        switch self {
        case .unknownVerb: "unknown verb"
        case .unknownOption: "unknown option"
        case .missingValue: "option needs a value"
        case .flagWithValue: "option takes no value"
        case .missingOption: "option is required"
        case .repeated: "option is given twice"
        case .conflict(_, let other, _): "option has no meaning beside --\(other)"
        case .lacks(_, let other, _):
            "option has no meaning without \(other.isEmpty ? "a file" : "--\(other)")"
        case .badValue(_, let value, let expected, _): "`\(value)` is not \(expected)"
        case .operands(let expected, _): "expected \(expected)"
        }
    }

    var place: String {
        switch self {
        case .unknownVerb(let name, _): name
        case .unknownOption(let name, let verb, _), .missingValue(let name, let verb),
            .flagWithValue(let name, let verb), .missingOption(let name, let verb),
            .badValue(let name, _, _, let verb), .repeated(let name, let verb),
            .conflict(let name, _, let verb), .lacks(let name, _, let verb):
            "crosswind \(verb) --\(name)"
        case .operands(_, let verb): "crosswind \(verb)"
        }
    }

    var remedy: String {
        switch self {
        case .unknownVerb(let name, let known):
            suggestion(for: name, among: known) ?? "see `crosswind --help`"
        case .unknownOption(let name, let verb, let known):
            suggestion(for: name, among: known).map { $0.replacing("did you mean ", with: "did you mean --") }
                ?? "see `crosswind \(verb) --help`"
        case .missingValue(_, let verb), .flagWithValue(_, let verb), .missingOption(_, let verb),
            .badValue(_, _, _, let verb), .repeated(_, let verb), .conflict(_, _, let verb),
            .operands(_, let verb), .lacks(_, _, let verb):
            "see `crosswind \(verb) --help`"
        }
    }

    private func suggestion(for name: String, among known: [String]) -> String? {
        nearest(to: name, among: known).map { "did you mean \($0)?" }
    }
}
