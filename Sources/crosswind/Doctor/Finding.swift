import Quantities

/// What `doctor` found about one thing.
struct Finding: Encodable, Sendable {
    enum State: String, Encodable, Sendable {
        case ok
        case warn
        case fail
    }

    let name: String
    let state: State
    /// What was found, e.g. a version or a reason.
    let detail: String
    /// What to do; empty when nothing is wrong.
    let remedy: String
    /// How a failure ends the command.
    let exitStatus: ExitStatus

    enum CodingKeys: String, CodingKey {
        case name
        case state
        case detail
        case remedy
    }

    static func ok(_ name: String, _ detail: String) -> Finding {
        Finding(name: name, state: .ok, detail: detail, remedy: "", exitStatus: .success)
    }

    static func warn(_ name: String, _ detail: String, remedy: String) -> Finding {
        Finding(name: name, state: .warn, detail: detail, remedy: remedy, exitStatus: .success)
    }

    static func fail(_ name: String, _ detail: String, remedy: String, _ status: ExitStatus) -> Finding {
        Finding(name: name, state: .fail, detail: detail, remedy: remedy, exitStatus: status)
    }

    /// The line for a terminal.
    func line(nameWidth: Int) -> String {
        let columns = [
            state.rawValue.padded(to: 6), name.padded(to: nameWidth + 2), detail,
            remedy.isEmpty ? "" : "; \(remedy)",
        ]
        return columns.joined()
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
