import Quantities

/// What `crosswind inventory` is asked to do. Each use has options of its own; those of another are refused, so that
/// none is passed over in silence.
enum InventoryUse: String, CaseIterable, Sendable {
    /// Reads a gridded inventory.
    case file = ""
    case regrid
    case points
    case hours
    case account
    case sources = "check-sources"
    case hierarchy
    case transfers

    /// Options that belong to this use, besides the one that asks for it.
    var ownOptions: [OptionSpecification] {
        switch self {
        case .file: InventoryFile.options
        case .regrid: GriddedReading.options + InventoryRegrid.options.filter { $0.name != rawValue }
        case .points: PointInventory.ownOptions.filter { $0.name != rawValue }
        case .hours: GriddedReading.options + InventoryHours.options.filter { $0.name != rawValue }
        case .account: AccountSettings.options.filter { $0.name != rawValue }
        case .sources: SourceCheck.options.filter { $0.name != rawValue }
        case .hierarchy: LevelComparison.options.filter { $0.name != rawValue }
        case .transfers: TransferAccount.options.filter { $0.name != rawValue }
        }
    }

    /// Whether files stand after the options.
    var readsOperands: Bool { [.file, .regrid, .hours].contains(self) }

    /// Options that a use takes over from another: the source documents are compared with an account of theirs.
    private var borrowed: [InventoryUse] { self == .sources ? [.account] : [] }

    /// - Throws: ``UsageError`` for options of another use and for two uses at once.
    init(_ options: Options) throws(UsageError) {
        // The account is the one that others may ask for beside themselves.
        let asked =
            [.sources, .hierarchy, .transfers, .account, .regrid, .points, .hours].first {
                options.isSet($0.rawValue)
            }
            ?? InventoryUse.file
        self = asked
        let allowed = Set(([asked] + asked.borrowed).flatMap { $0.ownOptions.map(\.name) + [$0.rawValue] })
        for other in Self.allCases where other != asked {
            for name in [other.rawValue].filter({ !$0.isEmpty }) + other.ownOptions.map(\.name)
            where options.isSet(name) && !allowed.contains(name) {
                if asked == .file { throw .lacks(name, needs: other.rawValue, verb: options.verb) }
                throw .conflict(name, with: asked.rawValue, verb: options.verb)
            }
        }
        guard asked.readsOperands || options.operands.isEmpty else {
            throw .operands(expected: "no file beside --\(asked.rawValue)", verb: options.verb)
        }
        try options.refuseRepeats(except: ["factors", "factor-file"])
    }
}

/// Where and in which language results are told.
struct InventoryOutput: Sendable {
    static let options: [OptionSpecification] = [
        .value(
            "output",
            "FOLDER",
            "write all tables there: CSV, JSON and text in both languages; with\n"
                + "--regrid the netCDF file of the fluxes"
        ),
        .value("lang", "en|zh", "language of the terminal (en)"),
    ]

    let folder: String?
    let language: Language
    let isJSON: Bool

    init(folder: String?, language: Language, isJSON: Bool) {
        (self.folder, self.language, self.isJSON) = (folder, language, isJSON)
    }

    init(_ options: Options) throws(UsageError) {
        folder = options.text("output")
        let text = options.text("lang") ?? Language.english.rawValue
        guard let language = Language(rawValue: text) else {
            throw .badValue("lang", text, expected: "en or zh", verb: options.verb)
        }
        self.language = language
        isJSON = options.isSet("json")
    }
}
