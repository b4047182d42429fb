import Formats
import Foundation
import Geo
import Quantities
import Transport

extension FootprintCompanions {
    /// Finds out before particles are followed whether fluxes and mole fractions can meet them.
    ///
    /// - Throws: ``CompanionFault``.
    func requireOverlap(_ settings: FootprintSettings, _ receptors: [Receptor]) async throws {
        if let flux, let path = settings.background { try await flux.requireGas(ofCurtain: path) }
        let window = FootprintWeather.window(receptors, settings.dispersion)
        if let path = settings.flux, let flux, flux.isResolved { try flux.requireOverlap(window, file: path) }
        if let path = settings.background, let curtain { try curtain.requireOverlap(window, file: path) }
    }
}

extension FluxInput {
    /// - Throws: ``CompanionFault`` for a curtain that is said to be of another gas.
    func requireGas(ofCurtain path: String) async throws {
        guard let other = try await BoundaryCurtainFile.gas(path), other != gas else { return }
        throw CompanionFault.gasesDiffer(file: path, curtain: other, flux: gas)
    }

    func requireOverlap(_ window: Period, file: String) throws(CompanionFault) {
        let periods = history.periods
        guard let first = periods.first, let last = periods.last else { return }
        // Emissions of a moment at the end of a period are its own.
        if !periods.contains(where: { $0.start <= window.end && $0.end >= window.start }) {
            throw .fluxOffTime(
                file: file,
                flux: Period(start: first.start, end: last.end),
                needed: window
            )
        }
    }
}

extension BoundaryCurtain {
    func requireOverlap(_ window: Period, file: String) throws(CompanionFault) {
        guard let (first, end) = span, first > window.end || end < window.start else { return }
        throw .curtainOffTime(file: file, first: first, last: end, needed: window)
    }

    /// - Returns: what there is to say of a curtain of other sides than those of the grid.
    func remark(on grid: CellGrid, file: String) throws(CompanionFault) -> FootprintRemark? {
        guard let domain, let box = grid.boundingBox else { return nil }
        guard domain.overlaps(box) else {
            throw .curtainOffGrid(file: file, curtain: domain.text, grid: box.text)
        }
        let steps = grid.projected == nil ? SIMD2(grid.plane.across.step, grid.plane.along.step) : SIMD2(0, 0)
        let slack = stepDegrees + steps
        return domain.isNear(box, within: slack)
            ? nil : .curtainOfOtherBox(domain.text, grid: box.text)
    }
}

extension BoundingBox {
    /// `W,S,E,N` as on the command line.
    var text: String {
        [west, south, east, north].map { String(format: "%.6g", ($0 * 1e4).rounded() / 1e4) }
            .joined(separator: ",")
    }

    private var width: Double { west < east ? east - west : east + 360 - west }

    /// Degrees from one longitude to the next eastward, 0..<360.
    private static func eastward(_ from: Double, _ to: Double) -> Double {
        let turn = (to - from) / 360
        return 360 * (turn - turn.rounded(.down))
    }

    func overlaps(_ other: BoundingBox) -> Bool {
        max(south, other.south) < min(north, other.north)
            && (Self.eastward(west, other.west) < width || Self.eastward(other.west, west) < other.width)
    }

    /// Whether no side is farther from that of another than degrees of longitude and of latitude.
    func isNear(_ other: BoundingBox, within slack: SIMD2<Double>) -> Bool {
        func apart(_ a: Double, _ b: Double) -> Double { min(Self.eastward(a, b), Self.eastward(b, a)) }
        return apart(west, other.west) <= slack.x && apart(east, other.east) <= slack.x
            && abs(south - other.south) <= slack.y && abs(north - other.north) <= slack.y
    }
}

extension FluxEnhancement {
    /// Nil where the footprint met no known flux at all: nothing is known, which is not zero.
    var known: Double? { missingShare < 1 ? partsPerMillion : nil }
}

extension FootprintOutcome {
    /// - Throws: ``CompanionFault`` where no receptor has what was asked for; what is written stays.
    func requireMet(_ settings: FootprintSettings) throws(CompanionFault) {
        let enhancements = results.filter { $0.emptiness == nil }.compactMap(\.enhancement)
        if let file = settings.flux, !enhancements.isEmpty, enhancements.allSatisfy({ $0.known == nil }) {
            throw .noFluxMet(file: file, written: settings.output)
        }
        guard let file = settings.background else { return }
        try BackgroundRow.requireMet(results.map(\.background), file: file, written: settings.output)
    }
}

extension BackgroundRow {
    /// - Throws: ``CompanionFault`` where there is no background of any receptor.
    static func requireMet(_ rows: [BackgroundRow?], file: String, written: String?) throws(CompanionFault) {
        let known = rows.compactMap(\.self)
        guard !known.isEmpty, known.allSatisfy({ $0.partsPerMillion == nil }) else { return }
        throw known.contains { $0.closure > 0 }
            ? .noMoleFractionMet(file: file, written: written)
            : .noParticleAtBoundary(file: file, written: written)
    }
}
