import Formats
import Quantities
import Tracing

extension TraceSummary {
    /// What should be looked at before a figure is used.
    var warnings: [String] {
        [result.windDoubt.map(text)].compactMap(\.self) + slowAir
    }

    private func text(_ doubt: WindDoubt) -> String {
        let odds = "(log of the odds \(Figure.text(doubt.gain, 0)))"
        let better = "the sources explain the events far better \(odds) if "
        guard let windAngle else {
            return switch doubt.change {
            case .reversed: better + "the components of the wind have the other sign"
            case .exchanged: better + "the columns of the wind's components change places"
            case .exchangedAndReversed:
                better + "the columns of the wind's components change places and signs"
            }
        }
        let meant = windAngle.corrected(by: doubt.change)
        return better + "the angles of the wind are \(Self.meaning(meant)), not as they were read, "
            + "\(Self.meaning(windAngle)): try --wind-angle \(meant.rawValue)"
    }

    private static func meaning(_ angle: WindAngle) -> String {
        switch angle {
        case .from: "whence it blows, clockwise from north"
        case .to: "whither it blows, clockwise from north"
        case .math: "whither it blows, counter-clockwise from east"
        case .mathFrom: "whence it blows, counter-clockwise from east"
        }
    }

    /// One for each source from which air takes longer than a window.
    private var slowAir: [String] {
        let ways = result.events.enumerated().flatMap { number, event in
            event.longWays.map { (number: number + 1, way: $0) }
        }
        let sources = Set(ways.map(\.way.source)).sorted { ($0 ?? "") < ($1 ?? "") }
        return sources.map { source in
            let own = ways.filter { $0.way.source == source }
            let minutes = (own.map(\.way.seconds).max() ?? 0) / 60
            let events = own.map { "\($0.number)" }.joined(separator: ", ")
            return "from \(source.map { "`\($0)`" } ?? "the best place") air takes up to "
                + "\(short(minutes)) min to the sensor of the peak, longer than the windows of "
                + "\(short(options.settings.windowSeconds / 60)) min (event \(events)): "
                + "puffs are not followed; take a longer --window"
        }
    }
}
