import NetCDF

/// Who publishes a Level 3 file and under what terms, as the ACDD conventions name it. Nobody but the publisher
/// knows, so nothing is filled in; what is empty is not written.
public struct Level3Publication: Equatable, Sendable {
    /// Unique within the naming authority; made from the digests of the inputs and the settings where empty.
    public var identifier = ""
    /// In reverse-DNS form.
    public var namingAuthority = ""
    public var title = ""
    public var institution = ""
    public var project = ""
    public var programme = ""
    public var creatorName = ""
    public var creatorEmail = ""
    public var creatorURL = ""
    public var publisherName = ""
    public var publisherEmail = ""
    public var publisherURL = ""
    public var licence = ""
    public var acknowledgement = ""

    public init() {}

    private static var fields: [(name: String, field: WritableKeyPath<Level3Publication, String>)] {
        [
            ("identifier", \.identifier), ("naming_authority", \.namingAuthority), ("title", \.title),
            ("institution", \.institution), ("project", \.project), ("program", \.programme),
            ("creator_name", \.creatorName), ("creator_email", \.creatorEmail),
            ("creator_url", \.creatorURL), ("publisher_name", \.publisherName),
            ("publisher_email", \.publisherEmail), ("publisher_url", \.publisherURL),
            ("license", \.licence), ("acknowledgement", \.acknowledgement),
        ]
    }

    /// The keys of a configuration file.
    public static var keys: [String] { fields.map(\.name) }

    /// - Parameter object: read with ``keys`` as the known ones; each of them may be absent.
    public init(_ object: ConfigurationObject) throws(ConfigurationError) {
        for (name, field) in Self.fields where object.has(name) {
            self[keyPath: field] = try object.text(name)
        }
    }

    /// All but the identifier and the title, which have defaults.
    var attributes: [(String, NetCDFAttribute)] {
        Self.fields.compactMap { name, field in
            let text = self[keyPath: field]
            return text.isEmpty || name == "identifier" || name == "title" ? nil : (name, .text(text))
        }
    }
}
