import Inversion
import LinearAlgebra
import NetCDF
import Quantities

/// What a problem file may say beyond the numbers of the problem.
extension LinearProblemFile {
    @NetCDFThread
    static func readLabels(
        of input: inout LinearProblemInput,
        from file: borrowing NetCDFFile
    ) throws(NetCDFError) {
        let (n, m) = (input.problem.observationCount, input.problem.stateCount)
        try refuseUnreadable(input.problem.stateNames, "state_name", of: file)
        try refuseDuplicates(input.problem.stateNames, "state_name", of: file)
        try refuseTwins(input.problem.stateNames, "state_name", of: file)
        if file.hasVariable("observation_group") {
            let texts = try labels("observation_group", count: n, of: file)
            try refuseControls(texts, "observation_group", of: file)
            try refuseTwins(texts, "observation_group", of: file)
            let groups = groups(texts)
            input.groups = groups.names.isEmpty ? nil : groups
        }
        input.state = try state(input.problem.stateNames, of: file)
        input.lowerBounds = try bounds("state_lower", count: m, missing: -.infinity, of: file)
        input.upperBounds = try bounds("state_upper", count: m, missing: .infinity, of: file)
        if let index = input.lowerBounds?.firstIndex(of: .infinity) {
            throw NetCDFError(
                .unfit("nothing is above it", remedy: "leave the value missing where there is no bound"),
                path: file.path,
                variable: "state_lower[\(index)]"
            )
        }
        if let index = input.upperBounds?.firstIndex(of: -.infinity) {
            throw NetCDFError(
                .unfit("nothing is below it", remedy: "leave the value missing where there is no bound"),
                path: file.path,
                variable: "state_upper[\(index)]"
            )
        }
        if let lower = input.lowerBounds, let upper = input.upperBounds,
            let index = lower.indices.first(where: { !(lower[$0] < upper[$0]) })
        {
            let reason = "\(lower[index]) is not below the upper bound \(upper[index])"
            throw NetCDFError(.unexpected(reason), path: file.path, variable: "state_lower[\(index)]")
        }
        input.statePlaces = try places(count: m, of: file)
        if file.hasVariable("state_class") {
            input.stateClasses = try labels("state_class", count: m, of: file)
        }
        if file.hasVariable("total_weight") { try readTotals(of: &input, from: file) }
        input.emissions = try emissions(count: m, of: file)
        input.fluxMap = try fluxMap(states: m, of: file)
        try readSampling(of: &input, count: n, from: file)
    }

    /// What observations without a group are told as, beside others that have one.
    static let noGroup = "(no group)"

    private static func groups(_ labels: [String]) -> LabelGroups {
        guard labels.contains(where: { !$0.isEmpty }) else { return LabelGroups(labels: labels) }
        return LabelGroups(labels: labels.map { $0.isEmpty ? noGroup : $0 })
    }

    /// A name that stands twice would lead to the wrong element.
    @NetCDFThread
    static func refuseDuplicates(
        _ names: [String],
        _ variable: String,
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) {
        var places: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            if let first = places.updateValue(index, forKey: name) {
                throw NetCDFError(
                    .unfit(
                        "`\(name)` is also element \(first)",
                        remedy: "give every element a name of its own"
                    ),
                    path: file.path,
                    variable: "\(variable)[\(index)]"
                )
            }
        }
    }

    /// Names that differ by blanks alone look the same in every table.
    @NetCDFThread
    static func refuseTwins(
        _ names: [String],
        _ variable: String,
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) {
        var places: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            let plain = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            guard let first = places[plain] else {
                places[plain] = index
                continue
            }
            guard names[first] != name else { continue }
            throw NetCDFError(
                .unfit(
                    "`\(name)` and `\(names[first])` of element \(first) differ by blanks alone",
                    remedy: "write them alike where they are one, else give names that can be told apart"
                ),
                path: file.path,
                variable: "\(variable)[\(index)]"
            )
        }
    }

    /// A text that breaks lines spoils every table.
    @NetCDFThread
    static func refuseControls(
        _ names: [String],
        _ variable: String,
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) {
        for (index, name) in names.enumerated()
        where name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            throw NetCDFError(
                .unfit(
                    "the name holds a line break or another control character",
                    remedy: "give names of one line"
                ),
                path: file.path,
                variable: "\(variable)[\(index)]"
            )
        }
    }

    /// A name that is blank, or breaks lines, is none in a table.
    @NetCDFThread
    static func refuseUnreadable(
        _ names: [String],
        _ variable: String,
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) {
        for (index, name) in names.enumerated() {
            let hasControl = name.unicodeScalars.contains { $0.properties.generalCategory == .control }
            guard hasControl || name.allSatisfy(\.isWhitespace) else { continue }
            throw NetCDFError(
                .unfit(
                    hasControl
                        ? "the name holds a line break or another control character" : "the name is blank",
                    remedy: "give every element a name of one line"
                ),
                path: file.path,
                variable: "\(variable)[\(index)]"
            )
        }
    }

    @NetCDFThread
    static func emissions(
        count: Int,
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) -> StateEmissions? {
        guard let values = try optional("state_emission", count: count, of: file) else { return nil }
        let kinds = file.hasVariable("state_kind") ? try labels("state_kind", count: count, of: file) : []
        let emits = (0..<count).map { index in
            kinds.isEmpty || StateElement.Kind(rawValue: kinds[index])?.isEmission != false
        }
        if let index = values.indices.first(where: { values[$0].isNaN && emits[$0] }) {
            throw ProblemLayout.unfit(
                "has no value, and element \(index) is an emission",
                "give 0 for an element that emits nothing",
                "state_emission[\(index)]",
                file
            )
        }
        if let index = values.firstIndex(where: { $0.isInfinite }) {
            throw NetCDFError(
                .unexpected("is infinite"),
                path: file.path,
                variable: "state_emission[\(index)]"
            )
        }
        return StateEmissions(
            perUnit: values.map { $0.isNaN ? 0 : $0 },
            unit: file.text("units", of: "state_emission") ?? ""
        )
    }

    /// When, over how long, how high and above which background the observations were made.
    @NetCDFThread
    private static func readSampling(
        of input: inout LinearProblemInput,
        count: Int,
        from file: borrowing NetCDFFile
    ) throws(NetCDFError) {
        input.altitudes = try optional("altitude", count: count, of: file)
        input.intakeHeights = try optional("intake_height", count: count, of: file)
        input.backgrounds = try optional("background", count: count, of: file)
        input.transportModel = file.text("transport_model") ?? ""
        guard file.hasVariable("time_bounds") else { return }
        let values = try file.validDoubles("time_bounds", shape: [count, 2])
        let bounds = try file.instants(values, of: "time_bounds")
        var periods: [Period] = []
        for index in 0..<count {
            let (start, end) = (bounds[2 * index], bounds[2 * index + 1])
            guard start <= end else {
                let reason = "the period ends before it starts"
                throw NetCDFError(.unexpected(reason), path: file.path, variable: "time_bounds[\(index)]")
            }
            periods.append(Period(start: start, end: end))
        }
        input.periods = periods
    }

    @NetCDFThread
    static func labels(
        _ name: String,
        count: Int,
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [String] {
        let labels = try file.strings(name)
        guard labels.count == count else {
            let reason = "has \(labels.count) values where \(count) are needed"
            throw NetCDFError(.unexpected(reason), path: file.path, variable: name)
        }
        return labels
    }

    @NetCDFThread
    static func state(
        _ names: [String],
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) -> StateVector? {
        var columns: [String: [String]] = [:]
        for name in ["state_kind", "state_region", "state_sector", "state_period"] {
            guard file.hasVariable(name) else { continue }
            columns[name] = try labels(name, count: names.count, of: file)
        }
        guard !columns.isEmpty else { return nil }
        var elements: [StateElement] = []
        for (index, name) in names.enumerated() {
            let text = columns["state_kind"]?[index] ?? StateElement.Kind.flux.rawValue
            guard let kind = StateElement.Kind(rawValue: text) else {
                let kinds = StateElement.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                let reason = "`\(text)` is none of \(kinds)"
                throw NetCDFError(.unexpected(reason), path: file.path, variable: "state_kind[\(index)]")
            }
            elements.append(
                StateElement(
                    name,
                    kind: kind,
                    region: columns["state_region"]?[index] ?? "",
                    sector: columns["state_sector"]?[index] ?? "",
                    period: columns["state_period"]?[index] ?? ""
                )
            )
        }
        do { return try StateVector(elements) } catch {
            throw fault(error, file.path)
        }
    }

    @NetCDFThread
    private static func bounds(
        _ name: String,
        count: Int,
        missing: Double,
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [Double]? {
        try optional(name, count: count, of: file)?.map { $0.isNaN ? missing : $0 }
    }

    @NetCDFThread
    static func readTotals(
        of input: inout LinearProblemInput,
        from file: borrowing NetCDFFile
    ) throws(NetCDFError) {
        let names = try file.strings("total_name")
        try refuseUnreadable(names, "total_name", of: file)
        try refuseDuplicates(names, "total_name", of: file)
        let states = input.problem.stateCount
        let weights = try file.validDoubles("total_weight", shape: [names.count, states])
        let offsets = try optional("total_offset", count: names.count, of: file)
        if let index = weights.firstIndex(where: { !$0.isFinite }) {
            let place = "total_weight[\(index / states), \(index % states)]"
            throw ProblemLayout.unfit("is not finite", "give 0 where a state has no part", place, file)
        }
        if let index = offsets?.firstIndex(where: { !$0.isFinite }) {
            let remedy = "give 0 where nothing is added"
            throw ProblemLayout.unfit("is not finite", remedy, "total_offset[\(index)]", file)
        }
        do {
            input.totals = try LinearFunctionals(
                names: names,
                weights: Matrix(rows: names.count, columns: states, storage: weights),
                offsets: offsets
            )
        } catch {
            throw fault(error, file.path)
        }
        input.totalUnit = file.text("units", of: "total_weight") ?? ""
    }
}
