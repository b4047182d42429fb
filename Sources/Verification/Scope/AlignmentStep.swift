public import Quantities

/// How the error of a part belongs to that of the figure it is taken from or added to.
public enum PartError: Hashable, Sendable {
    /// Estimated on its own: a biosphere model against an inversion.
    case independent
    /// One of the terms the figure was summed from: its error is in the figure's and leaves with it.
    case withinFigure
    /// Correlation of the two errors, -1 to 1.
    case correlated(Double)
}

/// One step that brings a figure nearer to the scope of another. Amounts are in the unit of the figure and for its
/// territory and period as they are when the step is taken.
public enum AlignmentStep: Hashable, Sendable {
    case remove(ScopePart, Estimate, error: PartError, source: String)
    case add(ScopePart, Estimate, error: PartError, source: String)
    /// Times the ratio of the amount in the new period to that in the old one, from temporal profiles.
    case period(Period, ratio: Estimate, source: String)
    /// Times the share of the territory's emissions that belongs to the new one.
    case territory(String, fraction: Estimate, source: String)
    /// A difference in scope that is known and left, because it is small or unknown: logged, and the part counted as
    /// the other figure counts it. The uncertainty is that of leaving it.
    case accept(ScopePart, counted: Bool, uncertainty: Double, reason: LocalizedName)
}

/// What a step did.
public struct AlignmentEntry: Hashable, Sendable {
    /// From 1.
    public let number: Int
    public let step: AlignmentStep
    public let before: Estimate
    public let after: Estimate
    public let source: String

    /// The step in words.
    public var action: LocalizedName {
        switch step {
        case .remove(let part, _, _, _):
            LocalizedName(english: "without \(part.name.english)", chinese: "剔除\(part.name.chinese)")
        case .add(let part, _, _, _):
            LocalizedName(english: "with \(part.name.english)", chinese: "计入\(part.name.chinese)")
        case .period(let period, _, _):
            LocalizedName(
                english: "for \(period.start) to \(period.end)",
                chinese: "换算至\(period.start)至\(period.end)"
            )
        case .territory(let territory, _, _):
            LocalizedName(english: "for the territory \(territory)", chinese: "换算至区域\(territory)")
        case .accept(let part, _, _, let reason):
            LocalizedName(
                english: "\(part.name.english) left as it is: \(reason.english)",
                chinese: "\(part.name.chinese)未调整：\(reason.chinese)"
            )
        }
    }

    /// The line of the log: number, action, amount before and after with standard uncertainties, source.
    public func line(_ language: Language, unit: LocalizedName) -> String {
        func text(_ figure: Estimate) -> String {
            let known = figure.significantText
            let isKnown = !figure.standardDeviation.isNaN
            return "\(isKnown ? known : known.replacing("nan", with: "?")) \(unit[language])"
        }
        let origin = source.isEmpty ? "" : language == .english ? " (source: \(source))" : "（来源：\(source)）"
        return "\(number). \(action[language]): \(text(before)) → \(text(after))\(origin)"
    }
}
