import Ingest

/// What a person is told at the end.
struct IngestReport {
    let isJSON: Bool

    private var stream: Terminal.Stream { isJSON ? .standardError : .standardOutput }

    func write(_ summary: IngestSummary) throws {
        try Terminal.write(
            """
            received \(summary.received) = stored \(summary.stored) + revised \(summary.revised) \
            + duplicated \(summary.duplicated) + rejected \(summary.rejected), \
            from \(summary.messages) messages
            """,
            to: stream
        )
        try Terminal.write("flags as received: \(text(summary.flags))", to: stream)
        if summary.weather > 0 { try Terminal.write("weather alone: \(summary.weather)", to: stream) }
        for (reason, count) in summary.rejectedByReason.sorted(by: { $0.key < $1.key }) {
            try Terminal.write("rejected \(count): \(reason)", to: stream)
        }
        for (station, tally) in summary.stations.sorted(by: { $0.key < $1.key }) {
            try Terminal.write(
                """
                \(station): stored \(tally.stored), revised \(tally.revised), duplicated \
                \(tally.duplicated), rejected \(tally.rejected); \(text(tally.flags))
                """,
                to: stream
            )
        }
    }

    func write(_ summary: BackFillSummary) throws {
        let rate = summary.seconds > 0 ? Int(Double(summary.rows) / summary.seconds) : 0
        let end = summary.isComplete ? "" : "; stopped, start it again to go on"
        try Terminal.write(
            "\(summary.rows) rows of \(summary.files) files, \(rate) rows/s\(end)",
            to: stream
        )
        try write(summary.ingest)
    }

    func write(_ summary: MaintenanceSummary) throws {
        if let letters = summary.deadLetters {
            let skipped = letters.skipped > 0 ? ", \(letters.skipped) of files left to a back-fill" : ""
            try Terminal.write(
                "dead letters: \(letters.tried) tried, \(letters.recovered) recovered\(skipped)",
                to: stream
            )
        }
        if let ingest = summary.ingest { try write(ingest) }
        let end = summary.isComplete ? "" : "; stopped, the rest is settled by the next run"
        try Terminal.write("settled \(summary.settled) stretches\(end)", to: stream)
    }

    private func text(_ flags: FlagTally) -> String {
        "good \(flags.good), suspect \(flags.suspect), fail \(flags.fail), missing \(flags.missing)"
    }
}
