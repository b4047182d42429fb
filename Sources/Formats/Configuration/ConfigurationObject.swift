import Foundation
public import Quantities

/// One object of a configuration file, read key by key. Keys that nobody knows are refused, because a
/// misspelt option that is ignored gives a wrong number in silence.
public struct ConfigurationObject: Sendable {
    public let file: String
    /// Dotted path of the object within the file.
    public let path: String
    private let members: [String: JSONValue]

    /// Reads a file whose top level is an object.
    public init(json5File file: String, known: [String]) throws(ConfigurationError) {
        try self.init(try JSONValue.read(json5File: file), file: file, path: "", known: known)
    }

    init(_ value: JSONValue, file: String, path: String, known: [String]) throws(ConfigurationError) {
        guard case .object(let members) = value else {
            throw ConfigurationError(
                .wrongKind(expected: "an object", actual: value.kindName),
                file: file,
                path: path
            )
        }
        if let unknown = members.keys.sorted().first(where: { !known.contains($0) }) {
            let kind = ConfigurationError.Kind.unknownKey(
                unknown,
                nearest: nearest(to: unknown, among: known),
                known: known
            )
            throw ConfigurationError(kind, file: file, path: path)
        }
        self.file = file
        self.path = path
        self.members = members
    }

    /// The names of the members, sorted.
    public var keys: [String] { members.keys.sorted() }

    public func has(_ key: String) -> Bool { members[key].map { $0 != .null } ?? false }

    public func error(_ key: String, _ reason: String) -> ConfigurationError {
        ConfigurationError(.badValue(reason), file: file, path: location(key))
    }

    public func text(_ key: String) throws(ConfigurationError) -> String {
        guard case .string(let text) = try required(key) else { throw wrongKind(key, "a string") }
        return text
    }

    public func number(_ key: String) throws(ConfigurationError) -> Double {
        guard case .number(let number) = try required(key) else { throw wrongKind(key, "a number") }
        guard number.isFinite else { throw error(key, "must be finite") }
        return number
    }

    public func bool(_ key: String) throws(ConfigurationError) -> Bool {
        guard case .bool(let value) = try required(key) else { throw wrongKind(key, "true or false") }
        return value
    }

    public func texts(_ key: String) throws(ConfigurationError) -> [String] {
        guard case .array(let values) = try required(key) else { throw wrongKind(key, "an array of strings") }
        var texts: [String] = []
        for value in values {
            guard case .string(let text) = value else { throw wrongKind(key, "an array of strings") }
            texts.append(text)
        }
        return texts
    }

    /// Lists of strings, one list inside the other.
    public func textLists(_ key: String) throws(ConfigurationError) -> [[String]] {
        let expected = "an array of arrays of strings"
        guard case .array(let lists) = try required(key) else { throw wrongKind(key, expected) }
        var texts: [[String]] = []
        for list in lists {
            guard case .array(let values) = list else { throw wrongKind(key, expected) }
            var row: [String] = []
            for value in values {
                guard case .string(let text) = value else { throw wrongKind(key, expected) }
                row.append(text)
            }
            texts.append(row)
        }
        return texts
    }

    public func numbers(_ key: String) throws(ConfigurationError) -> [Double] {
        guard case .array(let values) = try required(key) else { throw wrongKind(key, "an array of numbers") }
        var numbers: [Double] = []
        for value in values {
            guard case .number(let number) = value, number.isFinite else {
                throw wrongKind(key, "an array of finite numbers")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// A name given as one string or as `{en: "...", zh: "..."}`.
    public func name(_ key: String) throws(ConfigurationError) -> LocalizedName {
        if case .string(let text) = try required(key) { return LocalizedName(english: text) }
        let object = try object(key, known: ["en", "zh"])
        return LocalizedName(
            english: try object.text("en"),
            chinese: object.has("zh") ? try object.text("zh") : nil
        )
    }

    public func object(_ key: String, known: [String]) throws(ConfigurationError) -> ConfigurationObject {
        try ConfigurationObject(try required(key), file: file, path: location(key), known: known)
    }

    public func objects(_ key: String, known: [String]) throws(ConfigurationError) -> [ConfigurationObject] {
        guard case .array(let values) = try required(key) else { throw wrongKind(key, "an array of objects") }
        var objects: [ConfigurationObject] = []
        for (index, value) in values.enumerated() {
            objects.append(
                try ConfigurationObject(value, file: file, path: "\(location(key))[\(index)]", known: known)
            )
        }
        return objects
    }

    /// An object whose keys are names chosen by the user.
    public func table(_ key: String) throws(ConfigurationError) -> ConfigurationObject {
        guard case .object(let table) = try required(key) else { throw wrongKind(key, "an object") }
        return try object(key, known: Array(table.keys))
    }

    /// Whether a member is an array.
    public func isList(_ key: String) -> Bool {
        if case .array? = members[key] { return true }
        return false
    }

    /// Whether a member is a string.
    public func isText(_ key: String) -> Bool {
        if case .string? = members[key] { return true }
        return false
    }

    /// An object whose keys are names chosen by the user and whose values are numbers.
    public func numberTable(_ key: String) throws(ConfigurationError) -> [String: Double] {
        guard case .object(let table) = try required(key) else {
            throw wrongKind(key, "an object of numbers")
        }
        var numbers: [String: Double] = [:]
        for (name, value) in table {
            guard case .number(let number) = value, number.isFinite else {
                throw wrongKind("\(key).\(name)", "a finite number")
            }
            numbers[name] = number
        }
        return numbers
    }

    /// A moment in ISO 8601 with zone.
    public func instant(_ key: String) throws(ConfigurationError) -> Instant {
        guard let instant = Instant(iso8601: try text(key)) else {
            throw error(key, "not an ISO 8601 time with zone")
        }
        return instant
    }

    /// A path; relative paths are relative to the folder of the file.
    public func filePath(_ key: String) throws(ConfigurationError) -> String {
        resolve(try text(key))
    }

    /// A path to a file that is there.
    public func existingFile(_ key: String) throws(ConfigurationError) -> String {
        let path = try filePath(key)
        try requireFile(path, key)
        return path
    }

    /// - Throws: ``ConfigurationError`` that names the key when there is no file at the path.
    public func requireFile(_ path: String, _ key: String) throws(ConfigurationError) {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        throw ConfigurationError(.noReferencedFile(path), file: file, path: location(key))
    }

    /// Makes a path of the file absolute or relative to the working directory.
    public func resolve(_ relative: String) -> String {
        guard !relative.hasPrefix("/") else { return relative }
        let folder = (file as NSString).deletingLastPathComponent
        return folder.isEmpty ? relative : (folder as NSString).appendingPathComponent(relative)
    }

    private func location(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private func required(_ key: String) throws(ConfigurationError) -> JSONValue {
        guard let value = members[key] else {
            throw ConfigurationError(.missingKey(key), file: file, path: path)
        }
        return value
    }

    private func wrongKind(_ key: String, _ expected: String) -> ConfigurationError {
        let actual = members[key]?.kindName ?? "another value"
        return ConfigurationError(
            .wrongKind(expected: expected, actual: actual),
            file: file,
            path: location(key)
        )
    }
}
