/// Every verb, in the order of a working day.
enum Verbs {
    static let all: [any Verb] = [
        GridVerb(),
        InvertVerb(),
        RunVerb(),
        DoctorVerb(),
    ]
}
