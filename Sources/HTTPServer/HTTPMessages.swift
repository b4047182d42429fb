/// A GET request, decoded.
public struct HTTPRequest: Equatable, Sendable {
    /// Path with percent-escapes resolved, e.g. `/metrics`.
    public let path: String
    /// Arguments of the query by name; of repeated names the last.
    public let query: [String: String]

    public init(path: String, query: [String: String] = [:]) {
        self.path = path
        self.query = query
    }
}

/// What is sent back.
public struct HTTPResponse: Equatable, Sendable {
    /// Status code, 200 to 599.
    public let status: Int
    public let contentType: String
    public let body: [UInt8]

    public init(status: Int = 200, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// Plain text in UTF-8.
    public static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }
}
