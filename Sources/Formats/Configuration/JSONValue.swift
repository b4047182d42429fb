import Foundation

/// A parsed JSON or JSON5 document.
public enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Parses JSON5: comments, trailing commas, unquoted keys.
    ///
    /// - Throws: ``ConfigurationError`` when the file is absent, unreadable or not JSON5, or an object has a key twice.
    public static func read(json5File path: String) throws(ConfigurationError) -> JSONValue {
        guard let data = FileManager.default.contents(atPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw ConfigurationError(exists ? .unreadable : .noSuchFile, file: path, path: "")
        }
        return try parse(json5: data, file: path)
    }

    /// - Parameter file: what errors name.
    static func parse(json5 data: Data, file: String) throws(ConfigurationError) -> JSONValue {
        var parser = JSON5Parser(Array(data), file: file)
        return try parser.document()
    }

    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
