/// The languages that people read our text in.
public enum Language: String, CaseIterable, Codable, Sendable {
    case english = "en"
    case chinese = "zh"
}

/// A name in the languages we print.
public struct LocalizedName: Codable, Hashable, Sendable {
    public let english: String
    public let chinese: String

    enum CodingKeys: String, CodingKey {
        case english = "en"
        case chinese = "zh"
    }

    /// - Parameter chinese: the English text is used where nil.
    public init(english: String, chinese: String? = nil) {
        self.english = english
        self.chinese = chinese ?? english
    }

    public init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self.init(english: text)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            english: try container.decode(String.self, forKey: .english),
            chinese: try container.decodeIfPresent(String.self, forKey: .chinese)
        )
    }

    public subscript(language: Language) -> String {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }
}

extension LocalizedName: ExpressibleByStringLiteral {
    /// The same text in both languages: formulae, names of programs.
    public init(stringLiteral text: String) { self.init(english: text) }
}
