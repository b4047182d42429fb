import Concurrent
import Formats

/// What `crosswind grid --inspect --json` prints.
struct GridInspection: Encodable {
    let files: [SoundingInspection]

    static func inspect(_ file: String, _ options: SoundingOptions) async throws -> SoundingInspection {
        let heartbeat = Heartbeat.inherited
        heartbeat.reading(file)
        defer { heartbeat.doneReading() }
        return try await SoundingInspection.inspect(file, options: options)
    }
}
