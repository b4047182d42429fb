import Formats
import Quantities
import Verification

/// What a reader must know of the observations of facilities.
enum ResidualCaveats {
    /// Observations beyond the period of the report stand in the charts, and open nothing alone.
    static func outside(
        _ period: Period,
        _ reviews: [FacilityReview],
        gas: Gas,
        file: String
    ) -> [LocalizedName] {
        let evidence = reviews.flatMap(\.observations.evidence)
        let outside = evidence.count { !period.contains($0.time) }
        guard outside > 0 else { return [] }
        let silent = reviews.filter {
            $0.opening(gas: gas) != nil && $0.opening(gas: gas, within: period) == nil
        }
        let names = silent.map(\.observations.facility)
        let told = LocalizedName(
            english: names.isEmpty
                ? "" : "; nothing is opened for \(names.map(\.english).joined(separator: ", "))",
            chinese: names.isEmpty ? "" : "；\(names.map(\.chinese).joined(separator: "、"))不立项"
        )
        let verb = outside == 1 ? "lies" : "lie"
        return [
            LocalizedName(
                english:
                    "\(outside) of \(evidence.count) observations of facilities in \(file) \(verb) outside "
                    + "the period of the report: they stand in the control charts, and a run wholly outside "
                    + "opens no case\(told.english).",
                chinese: "\(file)的\(evidence.count)次设施观测中有\(outside)次在报告期之外：计入控制图，"
                    + "但完全在报告期之外的连续超限不立项\(told.chinese)。"
            )
        ]
    }

    /// Declared figures that are given as if they were exact.
    static func exact(_ table: FacilityTable, file: String) -> [LocalizedName] {
        guard table.exactDeclared > 0 else { return [] }
        let count = table.exactDeclared
        return [
            LocalizedName(
                english:
                    "\(count) \(count == 1 ? "row" : "rows") of \(file) with declared_sigma 0: the declared "
                    + "figure counts as exact there, and z is too large by what it is not.",
                chinese: "\(file)中\(count)行的declared_sigma为0：该处申报值按无误差处理，z因此偏大。"
            )
        ]
    }
}
