import JSON

extension ObservationProblem {
    /// Why a payload is not JSON, with the parser's words and the place in the payload.
    init(_ error: JSONSyntaxError) {
        switch error.kind {
        case .notUTF8: self.init(.notUTF8)
        case .notFinite: self.init(.notFinite, error.words)
        case .tooLong, .tooManyValues: self.init(.tooLarge, error.words)
        default: self.init(.notJSON, error.words)
        }
    }
}
