public import Quantities

/// The hours of a source that receptors are followed in at a time: they slide along with the receptors, and those that
/// stay are not read again.
public struct WeatherWindow: Sendable {
    public let source: any MeteorologySource
    public private(set) var atmosphere: GriddedAtmosphere
    /// The states that ``atmosphere`` holds; empty where they are not kept.
    public private(set) var states: [MeteorologyHour] = []
    /// What the weather of all hours that were read has in common.
    public private(set) var account = WeatherAccount()
    private let keepsStates: Bool
    private let bytesPerState: Int

    /// Reads the first hour, and nothing of the others.
    ///
    /// - Parameters:
    ///   - design: how the air is made of it.
    ///   - keepsStates: whether what was read is kept beside what was made of it, as for columns and for errors of the
    ///     weather.
    /// - Throws: what the source throws; ``DispersionError``.
    public init(
        of source: any MeteorologySource,
        _ design: GriddedAtmosphere.Design,
        keepsStates: Bool
    ) async throws {
        guard !source.times.isEmpty else { throw DispersionError.emptyMeteorology }
        let first = try await source.hour(at: 0).withBoundaryLayer
        self.source = source
        self.keepsStates = keepsStates
        bytesPerState = first.bytes
        atmosphere = try GriddedAtmosphere(grid: source.grid, times: source.times, first: first, design)
    }

    /// Of memory.
    public var bytesPerHour: Int { atmosphere.bytesPerHour + (keepsStates ? bytesPerState : 0) }

    /// The times that the particles of a receptor are in.
    public func hours(of receptor: Receptor, _ options: DispersionOptions) -> Range<Int> {
        atmosphere.hours(of: options.periodUnderWay(receptor))
    }

    /// What was read of the hours that are held.
    public var meteorology: Meteorology {
        Meteorology(grid: source.grid, hours: states, sources: source.sources)
    }

    /// Takes memory for the most hours that will be held at once, lest they be moved as it grows.
    public mutating func reserve(hours: Int) { atmosphere.reserve(hours: hours) }

    /// Lets go of hours before a range and reads those that lack within it, one after the other; while one is read,
    /// those before are made ready. Hours beyond the range stay, as later receptors may need them.
    ///
    /// - Parameters:
    ///   - threads: that make hours ready; nothing depends on it.
    ///   - progress: called for each with how many of how many are there.
    /// - Throws: what the source throws; ``DispersionError``.
    public mutating func move(
        to hours: Range<Int>,
        threads: Int,
        progress: (_ done: Int, _ count: Int) -> Void = { _, _ in }
    ) async throws {
        drop(before: hours.lowerBound)
        let missing = atmosphere.held.upperBound..<max(atmosphere.held.upperBound, hours.upperBound)
        let empty = atmosphere.emptied
        try await withThrowingTaskGroup(of: (Int, Reading).self) { group in
            var waiting: [Int: Reading] = [:]
            for index in missing {
                let state = try await source.hour(at: index).withBoundaryLayer
                group.addTask { (index, Reading(state: state, hour: try empty.compiled(state))) }
                // Not more of them than are worked on.
                while index + 1 < missing.upperBound, index - atmosphere.held.upperBound >= threads,
                    let (index, reading) = try await group.next()
                {
                    waiting[index] = reading
                    take(&waiting)
                }
                progress(index + 1 - missing.lowerBound, missing.count)
            }
            while let (index, reading) = try await group.next() {
                waiting[index] = reading
                take(&waiting)
            }
        }
    }

    private struct Reading: Sendable {
        let state: MeteorologyHour
        let hour: CompiledHour
    }

    private mutating func drop(before first: Int) {
        atmosphere.drop(before: first)
        if keepsStates { states.removeFirst(states.count - atmosphere.held.count) }
    }

    /// Those that are next.
    private mutating func take(_ waiting: inout [Int: Reading]) {
        while let reading = waiting.removeValue(forKey: atmosphere.held.upperBound) {
            account.add(reading.state, at: atmosphere.held.upperBound)
            atmosphere.append(reading.hour)
            if keepsStates { states.append(reading.state) }
        }
    }
}

extension DispersionOptions {
    /// From the first to the last moment that any particle of a receptor is under way.
    public func periodUnderWay(_ receptor: Receptor) -> Period {
        let period = receptor.period
        let seconds = hours * 3600
        return direction == .backward
            ? Period(start: period.start.advanced(bySeconds: -seconds), end: period.end)
            : Period(start: period.start, end: period.end.advanced(bySeconds: seconds))
    }
}

/// What all hours that were read have in common, however often they were.
public struct WeatherAccount: Sendable {
    private var seen: Set<Int> = []
    /// Hours without a boundary-layer height of their own.
    public private(set) var diagnosed = 0
    /// Hours whose boundary layer is nowhere thicker than 1 m, which is then taken.
    public private(set) var withoutDepth = 0
    /// The lowest height above ground that the highest level has, m; infinite without levels.
    public private(set) var lowestTopMetres = Double.infinity

    public init() {}

    public var hours: Int { seen.count }

    mutating func add(_ hour: MeteorologyHour, at index: Int) {
        guard seen.insert(index).inserted else { return }
        if hour.surface.hasDiagnosedBoundaryLayer { diagnosed += 1 }
        if hour.surface.hasNoBoundaryLayer { withoutDepth += 1 }
        let cells = hour.surface.pressurePascal.count
        lowestTopMetres = min(lowestTopMetres, Double(hour.heightMetres.suffix(cells).min() ?? .infinity))
    }
}

extension MeteorologyHour {
    /// What it takes in memory.
    var bytes: Int {
        let deep = [
            heightMetres, alongColumns, alongRows, upward, temperatureKelvin, pressurePascal,
            specificHumidity,
        ]
        let flat = surface.named.map(\.values)
        return (deep + flat).reduce(filledLevels.count * 4) { $0 + $1.count * MemoryLayout<Float>.stride }
    }
}
