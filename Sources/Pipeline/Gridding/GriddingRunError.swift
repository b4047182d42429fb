public import Gridding
import Observations
public import Quantities

/// Why files of soundings did not become a grid.
public enum GriddingRunError: Fault, Equatable {
    /// No sounding of the files fell into the grid, so there is nothing to write.
    case nothingGridded(SoundingTally)
    /// Kept sums were made with another grid, method, weighting, error model or window.
    case otherPlan(path: String)
    /// Two files gave the same soundings in different builds.
    case twoBuilds(String, String)
    /// The first file repeats soundings of the second with other numbers: which is right nobody can tell.
    case contradictory(String, String, soundings: Int)
    /// The first file cannot be averaged with the second.
    case notTogether(String, String, GriddingError)
    /// A file cannot be looked through for biases, or not be compared with the ground.
    case notCompared(String, AnalysisError)
    /// No file is given, and the folder of kept sums holds none.
    case nothingKept(String)
    /// Kept sums share soundings with a file, and leaving them out needs the file itself.
    case sharedWithKept(String, kept: String)
    case notKept(String, known: [String])

    public var exitStatus: ExitStatus {
        switch self {
        case .notKept, .nothingKept: .usage
        default: .badData
        }
    }

    public var what: String {
        switch self {
        case .nothingGridded(let tally):
            tally.read == 0
                ? "the files hold no soundings (no rows)"
                : "no usable sounding in the grid (\(Self.counts(tally)))"
        case .otherPlan:
            "kept sums were made with another grid, method, weighting, error, window, scale or limit"
        case .twoBuilds(let first, let second): "\(first) and \(second) hold the same soundings in two builds"
        case .contradictory(let name, let other, let count):
            "\(name) repeats \(count) sounding\(count == 1 ? "" : "s") of \(other) with other values"
        case .notTogether(let name, let other, let error): "\(name) does not go with \(other): \(error.what)"
        case .notCompared(_, let error): error.what
        case .nothingKept: "no file of soundings is given, and no sums are kept"
        case .sharedWithKept(let name, let kept): "\(name) repeats soundings of \(kept), whose sums are kept"
        case .notKept(let name, _): "no sums of a file \(name) are kept"
        }
    }

    public var place: String {
        switch self {
        case .otherPlan(let path): path
        case .notCompared(let path, _): path
        case .nothingKept(let folder): folder
        default: ""
        }
    }

    public var remedy: String {
        switch self {
        case .nothingGridded(let tally): Self.advice(tally)
        case .contradictory: "give the one that holds; with --sums a new file can --replace a kept one"
        case .notTogether(_, _, let error): error.remedy
        case .notCompared(_, let error): error.remedy
        case .nothingKept: "give files of soundings, or the folder of an earlier run"
        case .otherPlan: "use another folder, or the options of the run that filled it"
        case .twoBuilds: "grid one build of the product at a time, or with --sums and --replace"
        case .sharedWithKept(_, let kept): "give \(kept) again too, --replace it, or --drop one of them"
        case .notKept(_, let known):
            known.isEmpty ? "the folder holds none" : "it holds \(known.prefix(8).joined(separator: ", "))"
        }
    }

    private static func counts(_ tally: SoundingTally) -> String {
        let reasons = tally.rejected.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
        return (["read \(tally.read)"] + reasons).joined(separator: ", ")
    }

    /// By what most soundings were lost to; of equal losses by the first in the alphabet.
    private static func advice(_ tally: SoundingTally) -> String {
        let reasons = tally.rejected.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        guard reasons.first == .qualityFlag, reasons.count > 1 else { return advice(reasons.first) }
        // What the producer flags nobody here can change: the rest had another reason.
        return "the producer flags most as not good; for the others \(advice(reasons[1]))"
    }

    private static func advice(_ reason: RejectionReason?) -> String {
        switch reason {
        case nil: "look at the files with --inspect"
        case .outsideGrid: "check the grid or box against where the soundings lie: --inspect tells"
        case .outsidePeriod: "check the days of the files"
        case .qualityFlag: "the producer flags them as not good: fetch other days"
        case .failedFilter:
            "widen --limit; without one the limits are those of the product's documentation"
        case .missingValue: "look at the file with --inspect: columns, priors or times are missing"
        case .invalidTime: "write times as 2020-01-31T12:00:00Z"
        case .invalidPosition: "check longitudes and latitudes, in degrees"
        case .invalidUncertainty:
            "check the unit of the uncertainties: they are not positive, too small or too large"
        case .implausibleValue: "check the unit of the columns: no air holds so much or so little"
        case .invalidFootprint: "the corners are missing or no footprint: --method centre needs none"
        case .polarFootprint: "take a grid in a polar projection, or --method centre"
        case .displacedFootprint: "the corners belong to other soundings: --method centre needs none"
        case .contradictoryTime: "times and identifiers contradict each other: fetch the file again"
        case .inconsistentOperator:
            "kernels, weights or priors are damaged: --no-kernels leaves them unread"
        case .duplicate: "give each file once"
        }
    }
}
