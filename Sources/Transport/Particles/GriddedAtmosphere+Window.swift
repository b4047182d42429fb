public import Quantities

/// One hour brought to common heights, node after node.
public struct CompiledHour: Sendable {
    var fields: [SIMD4<Float>] = []
    var surfaces: [SIMD4<Float>] = []
    /// Of HYSPLIT's columns alone.
    var layers: [SIMD2<Float>] = []
}

extension GriddedAtmosphere {
    /// What an hour takes in memory.
    public var bytesPerHour: Int {
        let nodes = columns * rows
        let fields = nodes * (levels + 1) * MemoryLayout<SIMD4<Float>>.stride
        return fields
            + (design.isLayered ? nodes * HysplitLevels.count * MemoryLayout<SIMD2<Float>>.stride : 0)
    }

    /// Makes an hour ready.
    ///
    /// - Throws: ``DispersionError`` for a field that lacks or does not fit.
    public func compiled(_ hour: MeteorologyHour) throws(DispersionError) -> CompiledHour {
        let nodes = columns * rows
        let compiler = try HourCompiler(
            hour: hour,
            rows: rows,
            columns: columns,
            levels: nativeLevels,
            common: levels,
            stepsPerMetre: stepsPerMetre,
            roughness: Float(design.roughness),
            mixedLayer: design.mixedLayer
        )
        var compiled = CompiledHour()
        compiled.fields.reserveCapacity(nodes * levels)
        compiled.surfaces.reserveCapacity(nodes)
        for node in 0..<nodes {
            if design.isLayered {
                compiler.compile(node, &compiled.fields, &compiled.surfaces, &compiled.layers)
            } else {
                compiler.compile(node, &compiled.fields, &compiled.surfaces)
            }
        }
        return compiled
    }

    /// Takes memory for so many hours at once, lest it be moved as they come.
    public mutating func reserve(hours: Int) {
        let nodes = columns * rows
        fields.reserveCapacity(hours * nodes * levels)
        surfaces.reserveCapacity(hours * nodes)
        if design.isLayered { layers.reserveCapacity(hours * nodes * HysplitLevels.count) }
    }

    /// Takes the hour behind the last that is held.
    public mutating func append(_ hour: CompiledHour) {
        precondition(held.upperBound < times.instants.count, "more hours than times")
        fields += hour.fields
        surfaces += hour.surfaces
        layers += hour.layers
        held = held.lowerBound..<(held.upperBound + 1)
    }

    /// Lets go of the hours before one, and of all where it is not held; it is then the next to come.
    public mutating func drop(before first: Int) {
        let gone = held.contains(first) ? first - held.lowerBound : held.count
        let nodes = columns * rows
        fields.removeFirst(gone * nodes * levels)
        surfaces.removeFirst(gone * nodes)
        if design.isLayered { layers.removeFirst(gone * nodes * HysplitLevels.count) }
        held = first..<(held.contains(first) ? held.upperBound : first)
    }

    /// The same hours in other weather over the same ground and times.
    ///
    /// - Precondition: as many hours as are held.
    /// - Throws: ``DispersionError`` for a field that lacks or does not fit.
    public func replacing(_ hours: [MeteorologyHour]) throws(DispersionError) -> GriddedAtmosphere {
        precondition(hours.count == held.count, "other hours than those that are held")
        var other = emptied
        other.reserve(hours: hours.count)
        for hour in hours { other.append(try compiled(hour)) }
        return other
    }

    /// The same without an hour.
    var emptied: GriddedAtmosphere {
        var other = self
        (other.fields, other.surfaces, other.layers) = ([], [], [])
        other.held = held.lowerBound..<held.lowerBound
        return other
    }

    /// The times that particles under way from one moment to another are in: of any that rounding may put them at, the
    /// one before and the one after.
    public func hours(of period: Period) -> Range<Int> { times.hours(of: period) }
}
