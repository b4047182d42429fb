import Formats
import Geo
import Inversion
import Quantities

/// Every observation of a problem with what became of it: the lineage from a figure back to messages.
struct ObservationTable {
    let result: ProblemResult

    static let header = """
        source,time,longitude,latitude,value_ppm,sigma_ppm,raw_message,used,reason,prior_ppm,posterior_ppm
        """

    /// Comma-separated, one line an observation, empty where there is nothing to say.
    func text() -> String {
        var lines = [Self.header]
        var row = 0
        for observation in result.prepared.observations {
            var fields = Self.fields(observation)
            if observation.isUsed {
                fields.append(String(result.posterior.modelledPrior[row]))
                fields.append(String(result.posterior.modelledPosterior[row]))
                row += 1
            } else {
                fields += ["", ""]
            }
            lines.append(fields.joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func fields(_ row: ObservationRow) -> [String] {
        [
            csvField(row.source.english),
            row.time?.description ?? "",
            row.position.map { String($0.longitude) } ?? "",
            row.position.map { String($0.latitude) } ?? "",
            row.value.map { String($0) } ?? "",
            row.sigma.map { String($0) } ?? "",
            row.rawMessage.map { String($0) } ?? "",
            row.isUsed ? "yes" : "no",
            row.exclusion?.rawValue ?? "",
        ]
    }
}
