/// Alarms of a chart that last: for as many days of observation after that of the alarm as the persistence rule asks
/// for, the chart signals the same way, and mean and median of the scores since then are beyond the least one.
struct ChartRuns {
    let chart: ResidualChart
    let kind: Evidence.Kind
    let rules: FacilityRules

    var runs: [FacilityReview.Run] { runs(.high) + runs(.low) }

    private func runs(_ signal: ChartSignal) -> [FacilityReview.Run] {
        guard let need = rules.persistence.days(of: kind)?.exceeding else { return [] }
        let points = chart.points
        var runs: [FacilityReview.Run] = []
        var place = 0
        while place < points.count {
            guard points[place].isBeyond(signal) else {
                place += 1
                continue
            }
            var last = place
            while last + 1 < points.count, points[last + 1].isBeyond(signal), !points[last + 1].followsTornDay
            {
                last += 1
            }
            if let end = confirmed(place, last, need, signal) {
                runs.append(run(from: place, to: end, signal))
            }
            place = last + 1
        }
        return runs
    }

    /// The last day of those of an alarm that a stretch of days confirms.
    private func confirmed(_ first: Int, _ last: Int, _ need: Int, _ signal: ChartSignal) -> Int? {
        guard last - first >= need else { return nil }
        return (first + need...last).last { day in
            let scores = ((day - need + 1)...day).map { score($0, signal) }
            let mean = scores.reduce(0, +) / Double(scores.count)
            return min(mean, OrderStatistics(scores).median) >= rules.leastLastingScore
        }
    }

    /// Of a day on the side of the signal.
    private func score(_ place: Int, _ signal: ChartSignal) -> Double {
        (signal == .high ? 1 : -1) * ResidualChart.clipped(chart.points[place].zScore, rules.greatestScore)
    }

    /// Since the sum of that side last was zero, which is when the shift began: the days that raised it are the
    /// evidence, and how many others there were is told.
    private func run(from alarm: Int, to end: Int, _ signal: ChartSignal) -> FacilityReview.Run {
        func sum(_ place: Int) -> Double {
            signal == .high ? chart.points[place].cumulativeHigh : chart.points[place].cumulativeLow
        }
        var start = alarm
        while start > 0, sum(start) > 0, sum(start - 1) > 0 { start -= 1 }
        let raising = (start...end).filter { score($0, signal) > rules.sums.allowance }
        return FacilityReview.Run(
            rule: .chart,
            kind: kind,
            signal: signal,
            // With a large allowance none need have raised the sum where the average alarmed: then all of them speak.
            days: (raising.isEmpty ? Array(start...end) : raising).map { chart.points[$0].day },
            daysSinceShift: end - start + 1,
            daysBeyond: end - alarm
        )
    }
}
