import NetCDF

/// What a file holds: its variables with shapes and units, and its attributes. Everything a product is known by.
struct FileInventory: Sendable {
    struct Variable: Sendable {
        let shape: [Int]
        let units: String?
        let calendar: String?
        let comment: String?
        let isText: Bool
        /// Declared as missing; the numeric calls of a source have replaced it by NaN already.
        let missing: [Double]
        /// NIES files declare theirs under another name, which the library does not know.
        let invalidValue: Double?
    }

    let path: String
    private(set) var paths: [String] = []
    private(set) var variables: [String: Variable] = [:]
    var attributes: [String: String] = [:]

    init(path: String) { self.path = path }

    subscript(path: String) -> Variable? { variables[path] }

    mutating func add(_ path: String, _ variable: Variable) {
        if variables.updateValue(variable, forKey: path) == nil { paths.append(path) }
    }

    /// Attributes of the file by which products name themselves.
    static let attributeNames = [
        "Platform", "platform", "Sensor", "sensor", "title", "Title", "BuildId", "build_id", "bc_function",
        "lite_definition_module", "product_version", "processor_version", "algorithm_version", "DESCRIPTION",
        "VERSION",
        "source", "id", "institution", "long_name", "file_format_version", "tracking_id",
    ]

    @NetCDFThread
    init(_ file: borrowing NetCDFFile) throws {
        self.init(path: file.path)
        for path in try file.variablePaths() {
            add(path, try Self.variable(path, file))
        }
        for name in Self.attributeNames {
            if let text = file.text(name), !text.isEmpty { attributes[name] = text }
        }
    }

    @NetCDFThread
    private static func variable(_ path: String, _ file: borrowing NetCDFFile) throws -> Variable {
        Variable(
            shape: try file.shape(of: path),
            units: file.text("units", of: path) ?? file.text("Units", of: path)
                ?? file.text("unit", of: path),
            calendar: file.text("calendar", of: path),
            comment: file.text("comment", of: path),
            isText: file.isText(path),
            missing: ["_FillValue", "missing_value"].compactMap { file.number($0, of: path) },
            invalidValue: file.number("invalidValue", of: path)
        )
    }
}
