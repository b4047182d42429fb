import Geo
import NetCDF
import Quantities
import Transport

/// NAME as openghg's `acrg_org` (time axis last) and the layout of the PARIS project (time axis first), in which
/// FLEXPART footprints come too.
///
/// Time stamps are the starts of the averaging periods. Slot `h` of a footprint by time of emission holds the
/// emissions from `h` hours before the stamp on, which is how openghg pairs it with fluxes; `acrg_org` keeps in its
/// last slot, PARIS in a variable of its own what was emitted before.
struct NAMELayout: FootprintLayout {
    let head: FootprintHead
    private let integrated: Part
    private let resolved: Part?
    private let residual: Part?
    /// Hours before the stamp from which each slot holds emissions, without the residual's.
    private let hoursBack: [Double]
    private let slotSeconds: Double
    private let edges: BoundaryReader?

    private struct Part {
        let slabs: SlabReader
        let factor: Double
    }

    /// What the two layouts call the same things.
    private struct Names {
        let kind: FootprintFileKind
        let integrated: String
        let resolved: String
        let residual: String?
        let latitude: String
        let longitude: String
    }

    init(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        let names = try Self.names(file)
        let cells = try FootprintCells(file, latitude: names.latitude, longitude: names.longitude)
        let plane = [names.latitude, names.longitude]
        let integrated = Part(
            slabs: try SlabReader(file, names.integrated, along: "time", order: plane),
            factor: try file.footprintFactor(of: names.integrated)
        )
        var (resolved, residual, slots): (Part?, Part?, Slots?) = (nil, nil, nil)
        if file.hasVariable(names.resolved) {
            let found = try Self.slots(file, names.resolved, plane, hasResidual: names.residual == nil)
            slots = found
            let order = [found.dimension] + plane
            resolved = Part(
                slabs: try SlabReader(file, names.resolved, along: "time", order: order),
                factor: try file.footprintFactor(of: names.resolved, orOf: names.integrated)
            )
        }
        if let name = names.residual, resolved != nil, file.hasVariable(name) {
            residual = Part(
                slabs: try SlabReader(file, name, along: "time", order: plane),
                factor: try file.footprintFactor(of: name, orOf: names.integrated)
            )
        }
        (self.integrated, self.resolved, self.residual) = (integrated, resolved, residual)
        (hoursBack, slotSeconds) = (slots?.hours ?? [], slots?.seconds ?? 0)
        edges = try BoundaryReader(file, cells: cells, latitude: names.latitude, longitude: names.longitude)
        head = FootprintHead(
            kind: names.kind,
            source: Self.source(file),
            cells: cells,
            receptors: try NAMEReceptors.read(file, count: integrated.slabs.count),
            isResolved: resolved != nil,
            hasBoth: resolved != nil,
            hasBoundary: edges != nil,
            warnings: Self.warnings(file)
        )
    }

    private static func names(_ file: borrowing NetCDFFile) throws(NetCDFError) -> Names {
        if file.hasVariable("srr") {
            return Names(
                kind: .paris,
                integrated: "srr",
                resolved: "srr_time_resolved",
                residual: "srr_residual",
                latitude: "latitude",
                longitude: "longitude"
            )
        }
        return Names(
            kind: .acrg,
            integrated: try file.dimensionNames(of: "fp").contains("index") ? "fp_low" : "fp",
            resolved: "fp_HiTRes",
            residual: nil,
            latitude: "lat",
            longitude: "lon"
        )
    }

    private static func source(_ file: borrowing NetCDFFile) -> String {
        let words = [file.text("model_version") ?? file.text("model"), file.text("met_model")]
        return words.compactMap { $0?.trimmed }.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private static func warnings(_ file: borrowing NetCDFFile) -> [String] {
        var warnings: [String] = []
        if file.hasVariable("fp_low") {
            warnings.append(
                "the finer grid around the receptor is left out; fp_low covers the same emissions"
            )
        }
        if let hours = file.number("loss_lifetime_hrs", of: "srr") ?? file.number(
            "loss_lifetime_hrs",
            of: "fp"
        )
            ?? file.text("loss_lifetime_hrs", of: "fp").flatMap({ Double($0) }), hours > 0
        {
            warnings.append("made with a loss of lifetime \(hours) h, so not for gases that stay")
        }
        return warnings
    }

    // MARK: - Slots

    private struct Slots {
        let dimension: String
        let hours: [Double]
        let seconds: Double
    }

    private static func slots(
        _ file: borrowing NetCDFFile,
        _ variable: String,
        _ plane: [String],
        hasResidual: Bool
    ) throws(NetCDFError) -> Slots {
        let names = try file.dimensionNames(of: variable)
        let others = names.filter { $0 != "time" && !plane.contains($0) }
        guard others.count == 1, let dimension = others.first, let index = names.firstIndex(of: dimension)
        else {
            throw file.unexpected("dimensions are \(names), expected one for the time of emission", variable)
        }
        let length = try file.shape(of: variable)[index]
        let coordinate = [dimension, "H_back"].first { file.hasVariable($0) && !file.isText($0) }
        var hours = (0..<length).map(Double.init)
        if let coordinate { hours = try file.doubles(coordinate, shape: [length]) }
        let step = hours.count > 1 ? hours[1] - hours[0] : 1
        let isEven = hours.indices.allSatisfy { abs(hours[$0] - hours[0] - Double($0) * step) <= 1e-3 * step }
        guard step > 0, step <= 1e4, isEven, hours.allSatisfy({ abs($0) <= 1e6 }),
            length > (hasResidual ? 1 : 0)
        else {
            throw file.unexpected("hours back \(hours.prefix(3))... are not even", coordinate ?? dimension)
        }
        return Slots(
            dimension: dimension,
            hours: hasResidual ? hours.dropLast() : hours,
            seconds: step * 3600
        )
    }

    // MARK: - Reading

    func read(
        _ index: Int,
        resolved wanted: Bool,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> ReadFootprint {
        if wanted, let found = try readResolved(index, file) { return found }
        let values = try integrated.slabs.slab(index, file)
        guard values.contains(where: \.isFinite) else {
            throw file.missingFootprint(head.receptors[index], integrated.slabs.variable)
        }
        let layer = head.cells.layer(values, factor: integrated.factor, emission: nil)
        return ReadFootprint(
            footprint: footprint(index, layers: [layer.layer]),
            missing: layer.missing,
            fellBack: wanted && resolved != nil
        )
    }

    /// Nil where the file has none for that hour; some runs have it for every second hour alone.
    private func readResolved(
        _ index: Int,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> ReadFootprint? {
        guard let resolved else { return nil }
        let values = try resolved.slabs.slab(index, file)
        guard values.allSatisfy(\.isFinite) else { return nil }
        var layers: [FootprintLayer] = []
        for (slot, hours) in hoursBack.enumerated() {
            let start = head.receptors[index].time.later(bySeconds: -3600 * hours)
            guard let emission = start?.period(seconds: slotSeconds) else {
                throw file.unexpected("slot \(slot) lies at no time", resolved.slabs.variable)
            }
            let read = head.cells.layer(values, slot: slot, factor: resolved.factor, emission: emission)
            layers.append(read.layer)
        }
        var rest: FootprintLayer?
        if let residual {
            let before = try residual.slabs.slab(index, file)
            guard before.allSatisfy(\.isFinite) else { return nil }
            rest = head.cells.layer(before, factor: residual.factor, emission: nil).layer
        } else if head.kind == .acrg {
            let slot = hoursBack.count
            rest = head.cells.layer(values, slot: slot, factor: resolved.factor, emission: nil).layer
        }
        return ReadFootprint(footprint: footprint(index, layers: layers, residual: rest), missing: 0)
    }

    func boundary(_ index: Int, _ file: borrowing NetCDFFile) throws(NetCDFError) -> BoundarySensitivity? {
        try edges?.read(index, of: head.receptors[index], file)
    }
}

extension String {
    var trimmed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
