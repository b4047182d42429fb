import Inversion
public import NetCDF

/// The documented variables of a problem file: their dimensions, and what they may hold.
public enum ProblemLayout {
    struct Entry {
        /// By name; nil for one that has no name of its own.
        let dimensions: [String?]
        /// What is allowed, to be told where something else was found.
        let allowed: String

        var text: String { dimensions.map { $0 ?? "any" }.joined(separator: ", ") }
    }

    static let entries: [String: Entry] = {
        var entries: [String: Entry] = [
            "jacobian": Entry(dimensions: ["observation", "state"], allowed: "finite numbers"),
            "observation_covariance": Entry(
                dimensions: ["observation", nil],
                allowed: "a covariance matrix"
            ),
            "prior_covariance": Entry(dimensions: ["state", nil], allowed: "a covariance matrix"),
            "time_bounds": Entry(dimensions: ["observation", nil], allowed: "begin and end, a CF time"),
            "total_weight": Entry(dimensions: ["total", "state"], allowed: "finite numbers"),
            "cell_flux": Entry(
                dimensions: ["layer", "cell_latitude", "cell_longitude"],
                allowed: "finite numbers"
            ),
            "cell_state": Entry(
                dimensions: ["layer", "cell_latitude", "cell_longitude"],
                allowed: "elements from 0, -1 for none"
            ),
            "cell_country": Entry(
                dimensions: ["cell_latitude", "cell_longitude"],
                allowed: "countries from 0, -1 for none"
            ),
            "layer_bounds": Entry(dimensions: ["layer", nil], allowed: "begin and end, a CF time"),
            "jacobian_count": Entry(dimensions: ["observation"], allowed: "elements in each row"),
            "jacobian_state": Entry(dimensions: ["element"], allowed: "columns from 0, none twice in a row"),
        ]
        for (names, dimension, allowed) in vectors {
            for name in names { entries[name] = Entry(dimensions: [dimension], allowed: allowed) }
        }
        return entries
    }()

    private static let vectors: [(names: [String], dimension: String?, allowed: String)] = [
        (["observation_value"], "observation", "finite numbers; leave out observations without a value"),
        (["observation_sigma"], "observation", "standard deviations above zero"),
        (["prior_sigma"], "state", "standard deviations above zero"),
        (["prior_mean"], "state", "finite numbers"),
        (["state_name"], "state", "a name for each element, none empty or twice"),
        (
            ["state_kind"], "state",
            StateElement.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        ),
        (["state_region", "state_sector", "state_period", "state_class"], "state", "names"),
        (["state_longitude", "state_latitude"], "state", "degrees; missing for an element that is nowhere"),
        (["state_time"], "state", "a CF time"),
        (
            ["state_lower", "state_upper"], "state",
            "bounds, the lower below the upper; missing where there is none"
        ),
        (
            ["state_emission"], "state",
            "finite numbers; 0 for an element that emits nothing, missing at most where state_kind is no emission"
        ),
        (["observation_group"], "observation", "names of stations, vehicles or products"),
        (["longitude", "latitude"], "observation", "degrees"),
        (["time"], "observation", "a CF time"),
        (["altitude", "intake_height"], "observation", "metres"),
        (["background"], "observation", "mole fractions in the unit of observation_value"),
        (["total_name"], "total", "a name for each total, none twice"),
        (["total_offset"], "total", "finite numbers"),
        (["cell_longitude"], "cell_longitude", "degrees, equally spaced and ascending"),
        (["cell_latitude"], "cell_latitude", "degrees, equally spaced and ascending"),
        (["country_name"], nil, "English names or codes, none twice"),
        (["layer_sector"], "layer", "names"),
    ]

    /// What to do about a variable that is not as it should be; nil for one that is in no problem file.
    ///
    /// - Parameter place: a variable, with an element or an attribute behind it or not.
    static func remedy(_ place: String) -> String? {
        let name = String(place.prefix { $0 != "[" && $0 != ":" })
        return entries[name].map { "give \(name)(\($0.text)): \($0.allowed)" }
    }

    /// What is said of a problem file that does not hold what it should; other errors stay as they are.
    public static func told(_ error: NetCDFError) -> NetCDFError {
        guard let remedy = remedy(error.variable) else { return error }
        switch error.kind {
        case .absent, .unexpected:
            return NetCDFError(.unfit(error.what, remedy: remedy), path: error.path, variable: error.variable)
        default: return error
        }
    }

    /// Dimensions are told by name: a square matrix that stands transposed would be read as another problem.
    ///
    /// - Throws: ``NetCDFError`` that names the variable, its dimensions and those it should have.
    @NetCDFThread
    static func checkDimensions(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        let isSparse = file.hasVariable("jacobian_count")
        // Axes of cells have names of their own.
        var axes: [String: String] = [:]
        for axis in ["cell_latitude", "cell_longitude"] where file.hasVariable(axis) {
            axes[axis] = try file.dimensionNames(of: axis).first
        }
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) where file.hasVariable(name) {
            let expected =
                isSparse && name == "jacobian" ? ["element"] : entry.dimensions.map { axes[$0 ?? ""] ?? $0 }
            var found = try file.dimensionNames(of: name)
            // Texts of characters have their length as one more dimension.
            if found.count == expected.count + 1, file.isText(name) { found.removeLast() }
            // Another number of dimensions is told with the shape.
            guard found.count == expected.count, !fits(found, expected) else { continue }
            let wanted = expected.map { $0 ?? "another" }.joined(separator: ", ")
            throw NetCDFError(
                .unfit(
                    "dimensions are (\(found.joined(separator: ", "))), expected (\(wanted))",
                    remedy: found.reversed() == expected
                        ? "transpose it: nothing is transposed by its shape"
                        : "name the dimensions as documented"
                ),
                path: file.path,
                variable: name
            )
        }
    }

    /// A file of another kind may have a `time` of its own: it is told as what it is not, before any part of it.
    @NetCDFThread
    static func requireProblem(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        let needed = ["jacobian", "prior_mean", "state_name"]
        for name in needed where file.hasVariable(name) { return }
        throw NetCDFError(
            .unfit(
                "no problem of an inversion: it has neither \(needed.joined(separator: " nor "))",
                remedy: "give a file with jacobian(observation, state) and the other variables of a problem"
            ),
            path: file.path
        )
    }

    private static let names: Set<String> = ["observation", "state", "total", "element", "layer"]

    private static func fits(_ found: [String], _ expected: [String?]) -> Bool {
        zip(found, expected).allSatisfy { name, wanted in
            // The second dimension of a covariance may be the first again.
            wanted.map { $0 == name } ?? (!names.contains(name) || name == expected.first)
        }
    }

    /// What is said twice in different ways, or of something that is not there.
    ///
    /// - Throws: ``NetCDFError`` that names the variable.
    @NetCDFThread
    static func refuseContradictions(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        for owner in ["prior", "observation"] {
            let (covariance, sigma) = ("\(owner)_covariance", "\(owner)_sigma")
            guard file.hasVariable(covariance) else { continue }
            guard !file.hasVariable(sigma) else {
                throw unfit("stands beside \(sigma)", "give one of the two", covariance, file)
            }
            for name in try file.attributeNames(of: covariance) where isOfCorrelation(name) {
                throw unfit(
                    "a covariance matrix takes no such attribute",
                    "give prior_sigma with it, or leave it out",
                    "\(covariance):\(name)",
                    file
                )
            }
        }
        for name in ["total_name", "total_offset"] where file.hasVariable(name) {
            guard file.hasVariable("total_weight") else {
                let remedy = "give total_weight(total, state), or leave \(name) out"
                throw unfit("stands without total_weight", remedy, name, file)
            }
        }
    }

    static func isOfCorrelation(_ attribute: String) -> Bool {
        ["correlation", "sector_", "class_"].contains(where: attribute.hasPrefix)
    }

    @NetCDFThread
    static func unfit(
        _ reason: String,
        _ remedy: String,
        _ variable: String,
        _ file: borrowing NetCDFFile
    ) -> NetCDFError {
        NetCDFError(.unfit(reason, remedy: remedy), path: file.path, variable: variable)
    }
}
