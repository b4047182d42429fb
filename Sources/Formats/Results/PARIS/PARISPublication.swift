import NetCDF
import Quantities

/// What a PARIS file says of its origin beside the numbers.
public struct PARISPublication: Sendable {
    /// Institution, creator, contact, project and licence; what is empty is written as not stated.
    public var publisher: Level3Publication
    public var transportModel: String
    /// The case or problem that was solved.
    public var experiment: String

    public init(publisher: Level3Publication, transportModel: String, experiment: String) {
        self.publisher = publisher
        self.transportModel = transportModel
        self.experiment = experiment
    }

    func attributes(
        title: String,
        source: String,
        comment: String,
        solution: SolvedState,
        _ provenance: FileProvenance
    ) -> [(String, NetCDFAttribute)] {
        func stated(_ text: String) -> NetCDFAttribute { .text(text.isEmpty ? "not stated" : text) }
        let day = provenance.created.map { String($0.description.prefix(10)) } ?? ""
        return [
            ("Conventions", "CF-1.8"), ("title", .text(title)),
            ("institution", stated(publisher.institution)), ("source", .text(source)),
            ("creator", stated(publisher.creatorName)), ("creation_date", stated(day)),
            ("contact", stated(publisher.creatorEmail)), ("transport_model", stated(transportModel)),
            ("transport_model_version", "not stated"), ("inversion_system", "Crosswind"),
            ("inversion_system_version", .text(Version.current)),
            ("inversion_solver", .text(solution.solver)),
            ("experiment", stated(experiment)), ("project", stated(publisher.project)),
            ("references", "exact Gaussian solution: Rodgers 2000, Inverse Methods for Atmospheric Sounding"),
            ("comment", .text(([comment] + solution.remarks).joined(separator: "\n"))),
            ("summary", stated(publisher.title)),
            ("license", stated(publisher.licence)),
        ] + provenance.attributes
    }
}
