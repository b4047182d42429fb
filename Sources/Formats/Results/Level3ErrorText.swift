import Gridding
import Quantities

/// What a Level 3 file says of the standard errors in it.
extension Level3Product {
    /// The formula as it was computed, its terms in words and where they come from.
    var errorComment: String {
        let model = common.errorModel
        var terms = """
            error^2 = \(model.sharedPartsPerMillion)^2 ppm^2 + \(model.noiseFactor)^2 sum (w sigma)^2 / (sum w)^2
            """
        var meaning = "a part that the soundings of a cell share and a part that averages out"
        if let near = model.correlation {
            terms += " + \(near.partsPerMillion)^2 ppm^2 sum_ij w_i w_j rho_ij / (sum w)^2"
            meaning += """
                , a part that decays over \(near.alongTrackKilometres) km along and \
                \(near.acrossTrackFootprints) footprints across the track
                """
            if common.plan.seesCoverage {
                terms += " + s^2 (1 - coverage) / n_eff"
                meaning += ", and what the uncovered part of the cell may hide"
            } else {
                meaning +=
                    "; nothing for the uncovered part of the cell, which the method centre does not know"
            }
        }
        return "\(terms): \(meaning), \(errorOrigin)"
    }

    /// Digital object identifiers of what the error model is made after.
    var errorReferences: String {
        errorPapers.map { "doi:\($0.doi)" }.joined(separator: ", ")
    }

    private var errorOrigin: String {
        guard !errorPapers.isEmpty else { return "with the numbers of the options" }
        return "after " + errorPapers.map { "\($0.name), doi:\($0.doi)" }.joined(separator: "; ")
    }

    private var errorPapers: [(name: String, doi: String)] {
        var papers: [(name: String, doi: String)] = []
        switch common.gas {
        case .co2: papers.append(("Kulawik et al. (2016)", "10.5194/amt-9-683-2016"))
        // What TROPOMI differs by between stations is the shared part of the standard model alone.
        case .ch4 where common.errorModel == .standard(of: .ch4):
            papers.append(("Lorente et al. (2021)", "10.5194/amt-14-665-2021"))
        case .ch4, .n2o, .co: break
        }
        if common.errorModel.correlation != nil {
            papers.append(("Baker et al. (2022)", "10.5194/gmd-15-649-2022"))
            if common.plan.seesCoverage {
                papers.append(("Rijsdijk et al. (2025)", "10.5194/gmd-18-483-2025"))
            }
        }
        return papers
    }
}
