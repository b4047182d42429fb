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
    /// Kept sums share soundings with a file, and leaving them out needs the file itself.
    case sharedWithKept(String, kept: String)
    case notKept(String, known: [String])

    public var exitStatus: ExitStatus {
        switch self {
        case .notKept: .usage
        default: .badData
        }
    }

    public var what: String {
        switch self {
        case .nothingGridded(let tally):
            "no usable sounding in the grid (\(Self.counts(tally)))"
        case .otherPlan:
            "kept sums were made with another grid, method, weighting, error, window, scale or limit"
        case .twoBuilds(let first, let second): "\(first) and \(second) hold the same soundings in two builds"
        case .sharedWithKept(let name, let kept): "\(name) repeats soundings of \(kept), whose sums are kept"
        case .notKept(let name, _): "no sums of a file \(name) are kept"
        }
    }

    public var place: String {
        switch self {
        case .otherPlan(let path): path
        default: ""
        }
    }

    public var remedy: String {
        switch self {
        case .nothingGridded(let tally):
            tally.read == 0 ? "the files given hold no soundings" : "check the box and the days of the files"
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
}
