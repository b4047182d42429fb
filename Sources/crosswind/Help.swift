import Quantities

/// The texts of `--help`.
enum Help {
    static func isWanted(_ arguments: [String]) -> Bool {
        arguments.contains("--help") || arguments.contains("-h")
    }

    static func overview() -> String {
        let width = Verbs.all.map { $0.name.count }.max() ?? 0
        let verbs = Verbs.all.map { verb in
            "  " + verb.name + String(repeating: " ", count: width + 2 - verb.name.count) + verb.summary
        }
        return """
            crosswind \(Version.current): measures a region's emissions from the air and checks them against \
            what is declared.

            usage: crosswind VERB [options] [files]

            \(verbs.joined(separator: "\n"))

            `crosswind VERB --help` explains a verb. Exit status: 0 done, 64 usage, 65 bad data,
            66 missing input, 69 a service is not reachable, 70 internal error, 74 input or output,
            129, 130, 143 ended by SIGHUP, SIGINT, SIGTERM.
            """
    }

    static func text(of verb: any Verb) -> String {
        let operands = verb.operands.isEmpty ? "" : " \(verb.operands)"
        let usage = "usage: crosswind \(verb.name) [options]\(operands)"
        let forms = verb.options.map { form(of: $0) } + ["--help"]
        let helps = verb.options.map { $0.help } + ["this text"]
        let width = forms.map { $0.count }.max() ?? 0
        let lines = zip(forms, helps).map { form, help in
            let indent = "\n" + String(repeating: " ", count: width + 4)
            return "  " + form + String(repeating: " ", count: width + 2 - form.count)
                + help.replacing("\n", with: indent)
        }
        return """
            \(verb.summary)

            \(usage)

            \(verb.discussion)

            options:
            \(lines.joined(separator: "\n"))
            """
    }

    private static func form(of option: OptionSpecification) -> String {
        "--\(option.name)" + (option.valueName.map { " \($0)" } ?? "")
    }
}
