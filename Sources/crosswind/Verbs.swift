/// Every verb, in the order of a working day.
enum Verbs {
    static let all: [any Verb] = [
        IngestVerb(),
        ReplayVerb(),
        ExportVerb(),
        GridVerb(),
        FootprintVerb(),
        InventoryVerb(),
        InvertVerb(),
        TraceVerb(),
        VerifyVerb(),
        RunVerb(),
        DoctorVerb(),
    ]

    static func named(_ name: String) -> (any Verb)? { all.first { $0.name == name } }
}
