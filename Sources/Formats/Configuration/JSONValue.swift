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
    /// - Throws: ``ConfigurationError`` when the file is absent, unreadable or not JSON5.
    public static func read(json5File path: String) throws(ConfigurationError) -> JSONValue {
        guard let data = FileManager.default.contents(atPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw ConfigurationError(exists ? .unreadable : .noSuchFile, file: path, path: "")
        }
        return try parse(json5: data, file: path)
    }

    /// - Parameter file: what errors name.
    static func parse(json5 data: Data, file: String) throws(ConfigurationError) -> JSONValue {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        do { return try decoder.decode(JSONValue.self, from: data) } catch {
            // Foundation does not tell the place of a JSON5 error.
            throw ConfigurationError(.syntax, file: file, path: "")
        }
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

extension JSONValue: Decodable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }
}
