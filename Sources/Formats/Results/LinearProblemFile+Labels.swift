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
        if file.hasVariable("observation_group") {
            input.groups = LabelGroups(labels: try labels("observation_group", count: n, of: file))
        }
        input.state = try state(input.problem.stateNames, of: file)
        input.lowerBounds = try bounds("state_lower", count: m, missing: -.infinity, of: file)
        input.upperBounds = try bounds("state_upper", count: m, missing: .infinity, of: file)
        if let lower = input.lowerBounds, let upper = input.upperBounds,
            let index = lower.indices.first(where: { !(lower[$0] < upper[$0]) })
        {
            let reason = "\(lower[index]) is not below the upper bound \(upper[index])"
            throw NetCDFError(.unexpected(reason), path: file.path, variable: "state_lower[\(index)]")
        }
        input.statePlaces = try places(count: m, of: file)
        if file.hasVariable("total_weight") { try readTotals(of: &input, from: file) }
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
    private static func state(
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
            throw NetCDFError(.unexpected(error.what), path: file.path, variable: error.place)
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
        let states = input.problem.stateCount
        let weights = try file.doubles("total_weight", shape: [names.count, states])
        let offsets = try optional("total_offset", count: names.count, of: file)
        do {
            input.totals = try LinearFunctionals(
                names: names,
                weights: Matrix(rows: names.count, columns: states, storage: weights),
                offsets: offsets
            )
        } catch {
            throw NetCDFError(.unexpected(error.what), path: file.path, variable: error.place)
        }
        input.totalUnit = file.text("units", of: "total_weight") ?? ""
    }
}
