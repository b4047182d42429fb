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
            try Terminal.write("\(station): \(text(tally)); \(text(tally.flags))", to: stream)
        }
        guard !summary.strays.isEmpty else { return }
        try Terminal.write("of no station: \(text(summary.strays))", to: stream)
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
            try write(letters)
        }
        try writeForeign(summary)
        if let ingest = summary.ingest { try write(ingest) }
        let end = summary.isComplete ? "" : "; stopped, the rest is settled by the next run"
        try Terminal.write("settled \(summary.settled) stretches\(end)", to: stream)
    }

    private func write(_ letters: DeadLetterReplay) throws {
        let skipped = letters.skipped > 0 ? ", \(letters.skipped) of files left to a back-fill" : ""
        let shortened = letters.shortened > 0 ? ", \(letters.shortened) kept only in part" : ""
        try Terminal.write(
            "dead letters: \(letters.tried) tried, \(letters.recovered) recovered\(skipped)\(shortened)",
            to: stream
        )
        for (reason, count) in letters.stillRefused.sorted(by: { $0.key < $1.key }) {
            try Terminal.write("still refused \(count): \(reason)", to: stream)
        }
    }

    private func writeForeign(_ summary: MaintenanceSummary) throws {
        if !summary.absentNetworks.isEmpty {
            let names = summary.absentNetworks.joined(separator: ", ")
            try Terminal.write("none of the stations of \(names) is in the store", to: stream)
        }
        if !summary.untouchedNetworks.isEmpty {
            let names = summary.untouchedNetworks.joined(separator: ", ")
            try Terminal.write("left as they are, for want of their --network: \(names)", to: stream)
        }
    }

    private func text(_ tally: IngestSummary.Station) -> String {
        """
        stored \(tally.stored), revised \(tally.revised), duplicated \(tally.duplicated), \
        rejected \(tally.rejected)
        """
    }

    private func text(_ flags: FlagTally) -> String {
        "good \(flags.good), suspect \(flags.suspect), fail \(flags.fail), missing \(flags.missing)"
    }
}
