import Quantities

/// One option of a verb. A flag takes no value.
struct OptionSpecification: Sendable {
    let name: String
    /// Shown in the help as `--name VALUE`; nil for a flag.
    let valueName: String?
    /// May run over several lines.
    let help: String

    static func flag(_ name: String, _ help: String) -> OptionSpecification {
        OptionSpecification(name: name, valueName: nil, help: help)
    }

    static func value(_ name: String, _ valueName: String, _ help: String) -> OptionSpecification {
        OptionSpecification(name: name, valueName: valueName, help: help)
    }

    /// What a connection to a broker may need.
    static let brokerAccess: [OptionSpecification] = [
        .value("user", "NAME", "at the brokers, in place of the one in the URL"),
        .value("password-file", "FILE", "its first line; or set CROSSWIND_BROKER_PASSWORD"),
        .value("ca", "FILE", "certificates of who may vouch for a broker (those of the system)"),
        .value("certificate", "FILE", "our own certificate, where a broker demands one"),
        .value("key", "FILE", "the private key of it"),
    ]

    static let json = flag("json", "print one machine-readable summary object on standard output")
}

/// One verb of the command line.
protocol Verb: Sendable {
    var name: String { get }
    /// One line for the overview.
    var summary: String { get }
    /// What stands after the options in the usage line, e.g. `FILE...`; empty when nothing does.
    var operands: String { get }
    /// A paragraph and an example for `--help`.
    var discussion: String { get }
    var options: [OptionSpecification] { get }
    /// Whether it reads files of foreign origin through C libraries, and so runs in a child with limits.
    var isConfined: Bool { get }
    /// Files that these options name to be written beside a name of their own and renamed when whole.
    func outputs(_ options: Options) -> [String]
    func run(_ options: Options) async throws -> ExitStatus
}

extension Verb {
    var isConfined: Bool { false }
    func outputs(_ options: Options) -> [String] { [] }
}
