import Formats
import Foundation
import Geo
import Quantities
import Tracing

/// What `crosswind trace` prints.
struct TraceSummary {
    let result: TraceResult
    let options: TraceOptions
    let blank: Int
    let used: Int
    let blankWind: Int
    /// As the table of wind was read; nil for components.
    let windAngle: WindAngle?
    let provenance: FileProvenance

    /// The keys of `--json`; they stay as they are.
    struct Object: Encodable {
        struct Interval: Encodable {
            let lower68: Double
            let upper68: Double
            let lower95: Double
            let upper95: Double
        }

        struct Rate: Encodable {
            let rateKgH: Double
            let interval: Interval
        }

        struct Source: Encodable {
            let name: String
            let probability: Double
            let isConstrained: Bool
            /// Absent where no sensor was downwind.
            let detectableRateKgH: Double?
            let alone: Rate?
            let jointly: Rate?
        }

        struct Location: Encodable {
            let longitude: Double
            let latitude: Double
            let heightM: Double
            let rate: Rate
            let regionM2: Double
            let regionReachM: Double
            let isOpen: Bool
            let logLikelihoodGain: Double
        }

        struct Event: Encodable {
            let start: Instant
            let end: Instant
            let means: Int
            let effectiveCount: Double?
            let peakPpm: Double
            let peakSensor: String
            let peakSigmas: Double
            let windSpeedMS: Double
            let windFromDeg: Double
            let calmShare: Double
            let sources: [Source]?
            let noneProbability: Double?
            let explainedShare: Double?
            let degreesOfFreedom: Double?
            let condition: Double?
            let residualScale: Double?
            let location: Location?
        }

        struct Input: Encodable {
            let name: String
            let sha256: String
        }

        let gas: String
        let events: [Event]
        let readings: Int
        let blankReadings: Int
        let sensors: [String]
        let noisePpm: [Double]
        let windows: Int
        let meansWithoutWind: Int
        let warnings: [String]
        let software: String
        let command: String
        let configuration: String
        let inputs: [Input]
        let output: String?
    }

    var object: Object {
        Object(
            gas: options.settings.gas.rawValue,
            events: result.events.map(Self.event),
            readings: used,
            blankReadings: blank,
            sensors: result.sensors,
            noisePpm: result.noise,
            windows: result.windowCount,
            meansWithoutWind: result.windlessCount,
            warnings: warnings,
            software: provenance.software,
            command: provenance.command,
            configuration: provenance.configuration,
            inputs: provenance.inputs.map { Object.Input(name: $0.name, sha256: $0.sha256) },
            output: options.output
        )
    }

    private static func rate(_ rate: RateEstimate) -> Object.Rate {
        Object.Rate(
            rateKgH: rate.median,
            interval: Object.Interval(
                lower68: rate.lower68,
                upper68: rate.upper68,
                lower95: rate.lower95,
                upper95: rate.upper95
            )
        )
    }

    private static func rate(_ rate: JointRate) -> Object.Rate {
        Object.Rate(
            rateKgH: rate.rate,
            interval: Object.Interval(
                lower68: rate.lower68,
                upper68: rate.upper68,
                lower95: rate.lower95,
                upper95: rate.upper95
            )
        )
    }

    private static func source(_ source: TracedSource) -> Object.Source {
        Object.Source(
            name: source.name,
            probability: source.probability,
            isConstrained: source.isConstrained,
            detectableRateKgH: source.detectableRate,
            alone: source.alone.map(rate),
            jointly: source.jointly.map(rate)
        )
    }

    private static func location(_ location: SourceLocation) -> Object.Location {
        Object.Location(
            longitude: location.position.longitude,
            latitude: location.position.latitude,
            heightM: location.heightMetres,
            rate: rate(location.rate),
            regionM2: location.regionSquareMetres,
            regionReachM: location.regionReachMetres,
            isOpen: location.isOpen,
            logLikelihoodGain: location.gain
        )
    }

    private static func event(_ event: TracedEvent) -> Object.Event {
        let attribution = event.attribution
        return Object.Event(
            start: event.period.start,
            end: event.period.end,
            means: event.meanCount,
            effectiveCount: attribution?.effectiveCount,
            peakPpm: event.peakEnhancement,
            peakSensor: event.peakSensor,
            peakSigmas: event.peakLevel,
            windSpeedMS: event.windSpeed,
            windFromDeg: event.windFromDegrees,
            calmShare: event.calmShare,
            sources: attribution.map { attribution in
                attribution.ranking.map { source(attribution.sources[$0]) }
            },
            noneProbability: attribution?.noneProbability,
            explainedShare: attribution?.explainedShare,
            degreesOfFreedom: attribution?.joint?.degreesOfFreedom,
            condition: attribution?.joint?.condition,
            residualScale: attribution?.joint?.residualScale,
            location: event.location.map(location)
        )
    }
}
