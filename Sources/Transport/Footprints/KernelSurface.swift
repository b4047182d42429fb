import Foundation
import Geo
import Quantities

/// Spreads the influence of the rows over the cells, each by the kernel of its time.
struct KernelSurface {
    private let plane: PlaneCells
    private let kernels: KernelSet
    private let stamps: [Stamp]
    private let isHourly: Bool
    /// Influence of the rows over the grid, not yet divided by the number of particles.
    private(set) var influenceOverGrid = 0.0
    private var canvas: KernelCanvas

    init(_ groups: AgeGroups, grid: CellGrid, isHourly: Bool) {
        plane = grid.plane
        self.isHourly = isHourly
        let axes = StampAxes(plane)
        kernels = KernelSet(groups.widths, plane, circles: axes.circles)
        let stamps = axes.stamps(groups, reach: kernels.reach, isHourly: isHourly)
        for stamp in stamps
        where (0..<plane.columns).contains(Int(stamp.column)) && (0..<plane.rows).contains(Int(stamp.row)) {
            influenceOverGrid += stamp.influence
        }
        canvas = KernelCanvas(stamps, plane, reach: kernels.reach, circles: axes.circles)
        self.stamps = Self.byLayer(stamps)
    }

    /// Stable, so that the groups of a layer stay together.
    private static func byLayer(_ stamps: [Stamp]) -> [Stamp] {
        guard let least = stamps.map(\.layer).min(), let most = stamps.map(\.layer).max(), least < most else {
            return stamps
        }
        let keys = stamps.map { $0.layer - least }
        return CountingSort.order(keys: keys, count: Int(most - least) + 1).indices.map { stamps[Int($0)] }
    }

    /// The layers that have a cell, ascending in time.
    mutating func layers(dividedBy divisor: Double, _ time: Instant) -> [FootprintLayer] {
        var layers: [FootprintLayer] = []
        var start = 0
        while start < stamps.count {
            let (layer, group) = (stamps[start].layer, stamps[start].group)
            var end = start + 1
            while end < stamps.count, stamps[end].layer == layer, stamps[end].group == group { end += 1 }
            canvas.add(stamps[start..<end], kernels[Int(group)])
            if end == stamps.count || stamps[end].layer != layer {
                let (cells, values) = canvas.take(dividedBy: divisor)
                if !cells.isEmpty {
                    let emission = isHourly ? Self.hour(Int(layer), from: time) : nil
                    layers.append(FootprintLayer(emission: emission, cells: cells, values: values))
                }
            }
            start = end
        }
        return layers
    }

    private static func hour(_ layer: Int, from time: Instant) -> Period {
        Period(
            start: time.advanced(bySeconds: Double(layer) * 3600),
            end: time.advanced(bySeconds: Double(layer + 1) * 3600)
        )
    }
}

/// The influence of a row at a cell, which may lie beside the grid: as far as the widest kernel reaches.
struct Stamp {
    let column: Int32
    let row: Int32
    let group: Int32
    let layer: Int32
    let influence: Double
}

/// Truncated Gaussian kernels, each the product of one along the columns and one along the rows, both of sum one.
struct KernelSet {
    struct Kernel {
        let across: [Double]
        let along: [Double]
    }

    private let kernels: [Kernel]
    /// Of the widest one, cells to each side.
    let reach: SIMD2<Int>

    init(_ widths: [Double], _ plane: PlaneCells, circles: Bool) {
        let steps = (plane.across.step, plane.along.step)
        kernels = widths.map { width in
            Kernel(
                across: Self.weights(width, steps.0, atMost: circles ? plane.columns / 2 : .max),
                along: Self.weights(width, steps.1, atMost: .max)
            )
        }
        reach = SIMD2(
            kernels.map { $0.across.count / 2 }.max() ?? 0,
            kernels.map { $0.along.count / 2 }.max() ?? 0
        )
    }

    subscript(group: Int) -> Kernel { kernels[group] }

    /// To three widths, in whole cells.
    private static func weights(_ width: Double, _ step: Double, atMost most: Int) -> [Double] {
        let half = min(Int(exactly: (3 * width / step).rounded(.down)) ?? 0, most, longestReach)
        guard half > 0 else { return [1] }
        let weights = (-half...half).map { offset in
            let distance = Double(offset) * step / width
            return exp(-distance * distance / 2)
        }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// Beside a pole a width in degrees of longitude has no bound.
    private static let longestReach = 100_000
}

/// Brings places to cells as STILT does: by the lower edges of an axis that begins outside of the grid.
struct StampAxes {
    private let plane: PlaneCells
    /// Whether the columns go round the Earth.
    let circles: Bool

    init(_ plane: PlaneCells) {
        self.plane = plane
        let width = Double(plane.columns) * plane.across.step
        circles = plane.circle.map { width >= $0 - 1e-6 } ?? false
    }

    func stamps(_ groups: AgeGroups, reach: SIMD2<Int>, isHourly: Bool) -> [Stamp] {
        let tracks = groups.tracks
        let across = PaddedAxis(plane.across, reach: circles ? 0 : reach.x, circle: plane.circle)
        let along = PaddedAxis(plane.along, reach: reach.y, circle: nil)
        var stamps: [Stamp] = []
        stamps.reserveCapacity(tracks.count)
        for group in 0..<groups.count {
            for index in groups.starts[group]..<groups.starts[group + 1] where tracks.influence[index] > 0 {
                guard let row = along.cell(tracks.y[index]) else { continue }
                var place: Double? = across.first(tracks.x[index])
                while let x = place, let column = across.cell(x) {
                    stamps.append(
                        Stamp(
                            column: Int32(truncatingIfNeeded: column),
                            row: Int32(truncatingIfNeeded: row),
                            group: Int32(truncatingIfNeeded: group),
                            layer: isHourly ? Int32((tracks.minutes[index] / 60).rounded(.down)) : 0,
                            influence: tracks.influence[index]
                        )
                    )
                    // A grid nearly round the Earth may have a place on both sides.
                    place = circles ? nil : plane.circle.map { x + $0 }
                }
            }
        }
        return stamps
    }
}

private struct PaddedAxis {
    private let reach: Int
    private let start: Double
    private let step: Double
    private let pad: Int
    private let low: Double
    private let high: Double
    private let circle: Double?

    /// - Parameter reach: cells to each side of the grid from which a kernel may reach into it.
    init(_ axis: UniformAxis, reach: Int, circle: Double?) {
        self.reach = reach
        self.circle = circle
        step = axis.step
        pad = 1 + 2 * reach
        start = axis.origin - Double(pad) * axis.step
        low = axis.origin - Double(reach) * axis.step
        high = axis.end + Double(reach) * axis.step
    }

    /// The first turn of a longitude that is not below the axis.
    func first(_ coordinate: Double) -> Double {
        guard let circle, coordinate < low || coordinate >= high else { return turnedBack(coordinate) }
        return coordinate - circle * ((coordinate - low) / circle).rounded(.down)
    }

    private func turnedBack(_ coordinate: Double) -> Double {
        guard let circle, coordinate - circle >= low else { return coordinate }
        return coordinate - circle * ((coordinate - low) / circle).rounded(.down)
    }

    /// Of the grid; below 0 and beyond the last where the place lies beside it. Nil where no kernel reaches from.
    func cell(_ coordinate: Double) -> Int? {
        guard coordinate >= low, coordinate < high else { return nil }
        var index = Int((coordinate - start) / step)
        if start + Double(index + 1) * step <= coordinate { index += 1 }
        if start + Double(index) * step > coordinate { index -= 1 }
        return index - pad
    }
}
