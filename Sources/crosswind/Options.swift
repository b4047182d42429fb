import Quantities

/// The parsed options and operands of one verb.
struct Options: Sendable {
    private var values: [String: [String]] = [:]
    private(set) var operands: [String] = []
    let verb: String

    /// - Throws: ``UsageError`` for an option the verb does not have or a value that is missing.
    init(parsing arguments: [String], for verb: any Verb) throws(UsageError) {
        self.verb = verb.name
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                operands += rest
                break
            }
            guard argument.hasPrefix("--") else {
                operands.append(argument)
                continue
            }
            let parts = argument.dropFirst(2).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            ).map(String.init)
            let name = parts.first ?? ""
            guard let option = verb.options.first(where: { $0.name == name }) else {
                let known = verb.options.map { $0.name }
                throw .unknownOption(name, verb: verb.name, known: known)
            }
            if option.valueName == nil {
                guard parts.count == 1 else { throw .flagWithValue(name, verb: verb.name) }
                values[name, default: []].append("")
            } else if let value = parts.dropFirst().first ?? rest.popFirst() {
                values[name, default: []].append(value)
            } else {
                throw .missingValue(name, verb: verb.name)
            }
        }
    }

    func isSet(_ name: String) -> Bool { values[name] != nil }
    func text(_ name: String) -> String? { values[name]?.last }
    func texts(_ name: String) -> [String] { values[name] ?? [] }

    /// - Throws: ``UsageError/repeated(_:verb:)`` for an option that stands twice and may not.
    func refuseRepeats(except repeatable: Set<String>) throws(UsageError) {
        for (name, given) in values.sorted(by: { $0.key < $1.key }) {
            guard given.count == 1 || repeatable.contains(name) else { throw .repeated(name, verb: verb) }
        }
    }

    /// - Throws: ``UsageError/conflict(_:with:verb:)`` for the first of the others that is given beside an option.
    func refuse(_ others: [String], beside name: String) throws(UsageError) {
        guard isSet(name), let other = others.first(where: isSet) else { return }
        throw .conflict(other, with: name, verb: verb)
    }

    func required(_ name: String) throws(UsageError) -> String {
        guard let value = text(name) else { throw .missingOption(name, verb: verb) }
        return value
    }

    func number(_ name: String) throws(UsageError) -> Double? {
        guard let text = text(name) else { return nil }
        guard let value = Double(text), value.isFinite else {
            throw .badValue(name, text, expected: "a number", verb: verb)
        }
        return value
    }

    func integer(_ name: String) throws(UsageError) -> Int? {
        guard let text = text(name) else { return nil }
        guard let value = Int(text) else {
            throw .badValue(name, text, expected: "a whole number", verb: verb)
        }
        return value
    }
}
