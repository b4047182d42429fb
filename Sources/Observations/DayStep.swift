public import Quantities

/// The nominal step of a series on a UTC day: what is usual on the day, or around it where the day has few readings.
///
/// An hour by itself cannot tell it: one with a single reading has no step, and one that lost every other reading
/// has the wrong one. So that it costs little however fast the instrument is, of each hour of the day the first
/// readings count. It is a function of the moments of the readings alone, and rounded to three digits, so that a
/// jittering clock does not make the means of a day stale all the time.
public enum DayStep {
    /// So many readings of each hour count.
    public static let readingsAnHour = 100
    /// With fewer steps than this, so many readings before the day count too, and as many after it.
    public static let neighbours = 10
    /// For a series that has a single reading, s: so it stands for an hour as little as it does elsewhere.
    public static let assumedSeconds = 60.0

    /// - Parameters:
    ///   - hours: the first readings of each hour of the day, ``readingsAnHour`` at most, in the order of time.
    ///   - around: gives the last readings before the day and the first after it, ``neighbours`` at most, in the
    ///     order of time.
    /// - Returns: seconds, above 0.
    public static func seconds<Failure: Error>(
        ofHours hours: [[Instant]],
        around: () throws(Failure) -> (before: [Instant], after: [Instant])
    ) throws(Failure) -> Double {
        var step = NominalStep()
        step.add(hours)
        if step.count >= neighbours { return rounded(step) }
        let (before, after) = try around()
        var wide = NominalStep()
        wide.add([before] + hours + [after])
        return rounded(wide)
    }

    private static func rounded(_ step: NominalStep) -> Double {
        guard let seconds = step.seconds, let microseconds = Int64(exactly: (seconds * 1e6).rounded())
        else { return assumedSeconds }
        var unit: Int64 = 1
        while microseconds / unit >= 1000 { unit *= 10 }
        return Double(max(1, (microseconds + unit / 2) / unit) * unit) / 1e6
    }
}

extension NominalStep {
    /// What follows stretches that may have been cut is no successor.
    fileprivate mutating func add(_ stretches: [[Instant]]) {
        for stretch in stretches {
            for time in stretch { add(time) }
            if stretch.count >= DayStep.readingsAnHour { breakOff() }
        }
    }
}
