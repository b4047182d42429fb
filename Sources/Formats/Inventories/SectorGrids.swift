import Foundation
import Inventory
import NetCDF
import Quantities

/// Files with a variable for each sector, fuel or kind on one grid: CAMS-GLOB-ANT, GCP-GridFED, ODIAC, InTEM, and any
/// other by a mapping. Variables are added one by one, so that no more than two are held at once.
enum SectorGrids {
    /// What is known of a layout beside its axes.
    struct Plan {
        let layout: FluxProduct.Layout
        /// Paths of variables to add, with the names they go by.
        let variables: [(path: String, name: String)]
        let skipped: [String]
        let gas: Gas?
        /// Used where the file states no unit that is understood.
        let unit: FluxUnit?
        let unitText: String?
        let source: String
        var latitude: String?
        var longitude: String?
    }

    static let camsSectors = [
        "ene", "ind", "tro", "tnr", "ref", "res", "fef", "slv", "swd", "swl", "agl", "ags", "awb", "shp",
    ]
    static let gridFEDFuels = ["COAL", "OIL", "GAS", "CEMENT", "BUNKER"]

    /// Nil for a file of none of the layouts.
    @NetCDFThread
    static func plan(_ file: borrowing NetCDFFile, _ options: FluxReadOptions) throws(NetCDFError) -> Plan? {
        let names = try file.variableNames()
        if let mapping = options.mapping, let plan = mapped(file, mapping, names) { return plan }
        if names.contains("land"), names.contains("intl_bunker") {
            return Plan(
                layout: .odiac,
                variables: ["land", "intl_bunker"].map { ($0, $0) },
                skipped: [],
                gas: .co2,
                unit: FluxUnit(.gramsOfCarbon(1), per: .squareMetres(1), .seconds(86_400)),
                unitText: "gC m-2 d-1",
                source: file.text("title") ?? "ODIAC"
            )
        }
        if names.contains("flux_mean"), names.contains("flux_prior") { return inTEM(file) }
        let cams = camsSectors.filter(names.contains)
        if cams.count > 1 || (!cams.isEmpty && names.contains("sum")) {
            return Plan(
                layout: .camsGlobAnt,
                variables: cams.map { ($0, $0) },
                skipped: names.contains("sum") ? ["sum: it is the sum of the sectors"] : [],
                gas: nil,
                unit: nil,
                unitText: nil,
                source: file.text("title") ?? "CAMS-GLOB-ANT"
            )
        }
        return try gridFED(file)
    }

    @NetCDFThread
    private static func mapped(
        _ file: borrowing NetCDFFile,
        _ mapping: FluxMapping,
        _ names: [String]
    ) -> Plan? {
        guard let variable = mapping.variable, file.hasVariable(variable) else { return nil }
        return Plan(
            layout: .mapped,
            variables: [(variable, variable)],
            skipped: [],
            gas: mapping.gas,
            unit: mapping.unit.flatMap { FluxUnit(spelling: $0) },
            unitText: mapping.unit,
            source: mapping.source ?? file.text("title") ?? URL(filePath: file.path).lastPathComponent,
            latitude: mapping.latitude,
            longitude: mapping.longitude
        )
    }

    /// The posterior mean; the prior only where it is asked for by name.
    @NetCDFThread
    private static func inTEM(_ file: borrowing NetCDFFile) -> Plan {
        let gases: [Double: Gas] = [16: .ch4, 44: .co2]
        let gas = GasName.gas(in: URL(filePath: file.path).lastPathComponent)
        return Plan(
            layout: .inTEM,
            variables: [("flux_mean", "flux_mean"), ("flux_prior", "flux_prior")],
            skipped: ["flux_prior: it is the estimate before the observations"],
            gas: gas ?? moleWeight(file).flatMap { gases[$0.rounded()] },
            unit: nil,
            unitText: nil,
            source: file.text("title") ?? "InTEM"
        )
    }

    @NetCDFThread
    private static func moleWeight(_ file: borrowing NetCDFFile) -> Double? {
        file.number("molecular_weight", ofGroup: "")
    }

    /// Fuels of CO2, in the root or a group; oxygen and uncertainties have the same names in groups of their own.
    @NetCDFThread
    private static func gridFED(_ file: borrowing NetCDFFile) throws(NetCDFError) -> Plan? {
        let paths = try file.variablePaths().filter { path in
            let lower = path.lowercased()
            return !lower.contains("o2/") || lower.contains("co2/")
        }.filter { !$0.lowercased().contains("uncert") }
        let variables = gridFEDFuels.compactMap { fuel in
            paths.first { $0.split(separator: "/").last.map { $0.uppercased() } == fuel }.map { ($0, fuel) }
        }
        guard variables.count >= 3 else { return nil }
        return Plan(
            layout: .gridFED,
            variables: variables,
            skipped: [],
            gas: .co2,
            unit: FluxUnit(.grams(1000), per: .cell, .month),
            unitText: "kg CO2 cell-1 month-1",
            source: file.text("title") ?? "GCP-GridFED"
        )
    }

    @NetCDFThread
    static func read(
        _ file: borrowing NetCDFFile,
        _ plan: Plan,
        _ options: FluxReadOptions
    ) throws(NetCDFError) -> RawFlux {
        let latitudes = try file.axis(plan.latitude.map { [$0] } ?? NetCDFFile.latitudeNames)
        let longitudes = try file.axis(plan.longitude.map { [$0] } ?? NetCDFFile.longitudeNames)
        let (variables, skipped) = try selection(file, plan, options)
        let (unit, unitText) = try unit(file, plan, variables[0].path)
        let gas: Gas
        if let known = plan.gas { gas = known } else { gas = try file.gas(of: variables[0].path) }
        var sum: [[Double]] = []
        for variable in variables {
            let text = file.text("units", of: variable.path) ?? ""
            if let other = FluxUnit(spelling: text), plan.unitText == nil, other != unit {
                throw file.unexpected("unit `\(text)` is not that of \(variables[0].name)", variable.path)
            }
            let layers = try file.layers(variable.path, rows: latitudes.count, columns: longitudes.count)
            // Before they are added up: a sum of fill values is none of them.
            let areSeveral = variables.count > 1
            if areSeveral { try RawFlux.requireNoFills(layers, path: file.path, variable: variable.path) }
            add(layers, to: &sum)
        }
        let named = GridPeriods.monthInName(of: file.path)
        let periods = try file.periods(
            steps: sum.count,
            year: options.year ?? named?.year,
            month: options.month ?? (plan.layout == .mapped ? nil : named?.month)
        )
        var conversion = FluxConversion()
        conversion.unit = unitText
        conversion.overruledUnit = try overruled(file, plan, options, variables[0].path)
        conversion.categories = variables.map(\.name)
        conversion.skipped = skipped
        return RawFlux(
            path: file.path,
            variable: variables[0].path,
            layout: plan.layout,
            gas: gas,
            unit: unit,
            latitudes: latitudes,
            longitudes: longitudes,
            layers: sum,
            periods: periods,
            declaredTonnes: nil,
            source: plan.source,
            options: options,
            conversion: conversion
        )
    }

    /// What was asked for by name, else all but what is a sum or an alternative.
    @NetCDFThread
    private static func selection(
        _ file: borrowing NetCDFFile,
        _ plan: Plan,
        _ options: FluxReadOptions
    ) throws(NetCDFError) -> ([(path: String, name: String)], [String]) {
        guard let wanted = options.categories else {
            let left = Set(plan.skipped.compactMap { $0.split(separator: ":").first.map(String.init) })
            return (plan.variables.filter { !left.contains($0.name) }, plan.skipped)
        }
        var chosen: [(path: String, name: String)] = []
        for name in wanted {
            guard let variable = plan.variables.first(where: { $0.name == name }) else {
                let known = plan.variables.map(\.name)
                let hint = nearest(to: name, among: known).map { "; is it `\($0)`?" } ?? ""
                throw file.unexpected("no such category (\(known.joined(separator: ", ")))\(hint)", name)
            }
            chosen.append(variable)
        }
        guard !chosen.isEmpty else { throw file.unexpected("no category was asked for", "categories") }
        let left = plan.variables.map(\.name).filter { !wanted.contains($0) }
        return (chosen, left.map { "\($0): not asked for" })
    }

    @NetCDFThread
    private static func unit(
        _ file: borrowing NetCDFFile,
        _ plan: Plan,
        _ variable: String
    ) throws(NetCDFError) -> (FluxUnit, String) {
        let text = file.text("units", of: variable) ?? ""
        // What the user says holds; what is known of a layout only where the file says nothing that is understood.
        if plan.layout == .mapped, let words = plan.unitText {
            guard let unit = plan.unit else {
                throw file.unexpected("unit `\(words)` is not a known flux unit", variable)
            }
            return (unit, words)
        }
        if plan.layout == .odiac, let unit = plan.unit { return (unit, plan.unitText ?? text) }
        if let unit = FluxUnit(spelling: text) { return (unit, text) }
        if let unit = plan.unit { return (unit, plan.unitText ?? text) }
        throw file.unexpected("unit `\(text)` is not a known flux unit", variable)
    }

    /// The unit of the file that the mapping overrules.
    ///
    /// - Throws: ``NetCDFError`` where they contradict each other and the mapping does not say which holds.
    @NetCDFThread
    private static func overruled(
        _ file: borrowing NetCDFFile,
        _ plan: Plan,
        _ options: FluxReadOptions,
        _ variable: String
    ) throws(NetCDFError) -> String? {
        guard plan.layout == .mapped, let unit = plan.unit, let words = plan.unitText,
            let text = file.text("units", of: variable), let stated = FluxUnit(spelling: text), stated != unit
        else { return nil }
        // `Tonnes` leaves the time open, and the mapping tells it.
        let isRefined = stated.time == .period && stated.amount == unit.amount && stated.extent == unit.extent
        guard isRefined || options.mapping?.overrulesUnit == true else {
            throw file.unexpected(
                "its unit is `\(text)` and that of the mapping is `\(words)`; leave the unit out, or say "
                    + "unit!=\(words) where the file is wrong",
                variable
            )
        }
        return text
    }

    /// A missing value counts as nothing where another category has one.
    private static func add(_ layers: [[Double]], to sum: inout [[Double]]) {
        guard !sum.isEmpty else {
            sum = layers
            return
        }
        for step in sum.indices where step < layers.count {
            for cell in sum[step].indices {
                let value = layers[step][cell]
                if value.isNaN { continue }
                sum[step][cell] = sum[step][cell].isNaN ? value : sum[step][cell] + value
            }
        }
    }
}
