import Ingest

/// What `ingest` is asked to do.
enum IngestMode {
    /// Brokers and loggers.
    case live
    case files([String])
    case maintenance(MaintenanceTask)

    private static let liveOptions = [
        "broker", "user", "password-file", "ca", "certificate", "key", "client-id", "shared-group", "wait",
        "hj212", "metrics", "webhook", "keep-raw-days", "count", "until-idle",
    ]

    /// - Throws: ``UsageError`` for options that do not go together: one without effect is a mistake.
    init(_ options: Options) throws(UsageError) {
        let isReplay = options.isSet("replay-dead-letters")
        let isReprocessing = options.isSet("reprocess")
        let isLive = options.isSet("broker") || options.isSet("hj212")
        let wanted = [isLive, !options.operands.isEmpty, isReplay, isReprocessing].count { $0 }
        guard wanted == 1 else {
            if wanted == 0 { throw .missingOption("broker", verb: options.verb) }
            throw .operands(
                expected: "one of --broker or --hj212, FILE..., --replay-dead-letters, --reprocess",
                verb: options.verb
            )
        }
        if !isLive, let foreign = Self.liveOptions.first(where: options.isSet) {
            throw .operands(expected: "no --\(foreign) without --broker or --hj212", verb: options.verb)
        }
        if isLive {
            self = .live
        } else if isReplay || isReprocessing {
            self = .maintenance(isReplay ? .replayDeadLetters : .reprocess)
        } else {
            self = .files(options.operands)
        }
    }
}
