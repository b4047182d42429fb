import Ingest
import Quantities

extension MetricsSnapshot {
    /// Everything as Prometheus reads it. Names follow its conventions: base units, `_total` for what only grows.
    var page: [Metric] { runMetrics + stationMetrics }

    private var runMetrics: [Metric] {
        let reasons = deadLetters.sorted { $0.key < $1.key }
        return [
            counter("messages_total", "Messages stored and acknowledged.", messages),
            gauge("messages_per_second", "Messages stored, mean of the last minute.", messagesPerSecond),
            gauge("unacknowledged_messages", "Messages received and not yet stored.", Double(unacknowledged)),
            metric(
                "dead_letters_total",
                "Messages or observations that could not be used.",
                .counter,
                reasons.map { .init(Double($0.value), labels: ["reason": $0.key]) }
            ),
            histogram(
                "commit_seconds",
                "Time from opening a transaction until it is on disk.",
                commitSeconds
            ),
            histogram("batch_messages", "Messages in a transaction.", batchMessages),
            counter("commits_refused_total", "Batches that could not be stored.", commitsRefused),
            gauge("connected", "1 while the broker has us as a subscriber.", isConnected ? 1 : 0),
            gauge("ready", "1 while connected and the last commit went through.", isReady ? 1 : 0),
            counter("reconnects_total", "Connections after the first.", reconnects),
            counter("receipts_dropped_total", "Receipts that could not be published.", receiptsDropped),
            gauge(
                "unsettled_spans",
                "Spans waiting for context tests and aggregates.",
                Double(unsettledSpans)
            ),
            gauge("store_bytes", "Size of the store.", Double(storeBytes)),
            gauge("alarms_standing", "Alarms raised and not cleared.", Double(alarmsStanding)),
            counter("alarms_dropped_total", "Alarm messages given up.", alarmsDropped),
            gauge("start_time_seconds", "Start of the run since 1970.", started.secondsSince1970),
        ]
    }

    private var stationMetrics: [Metric] {
        [
            metric(
                "readings_total",
                "Readings by what became of them.",
                .counter,
                stations.flatMap { station in
                    let outcomes = [
                        ("stored", station.stored), ("revised", station.revised),
                        ("duplicated", station.duplicated), ("rejected", station.rejected),
                    ]
                    return outcomes.map { outcome, count in
                        let labels = station.labels.merging(["outcome": outcome]) { $1 }
                        return Metric.Sample(Double(count), labels: labels)
                    }
                }
            ),
            perStation("last_received_seconds", "When the station was last heard of, since 1970.") {
                $0.lastReceived?.secondsSince1970
            },
            perStation("last_observation_seconds", "Latest moment the station reported of, since 1970.") {
                $0.lastObservation?.secondsSince1970
            },
            perStation("lag_seconds", "Receipt minus observation of the latest batch.") { $0.lagSeconds },
            perStation("lag_max_seconds", "Largest receipt minus observation.") { $0.largestLagSeconds },
            perStation("capture_ratio", "Readings received of those expected in 24 h.") { $0.captureRate },
        ]
    }

    private func perStation(_ name: String, _ help: String, _ value: (Station) -> Double?) -> Metric {
        metric(
            name,
            help,
            .gauge,
            stations.compactMap { station in value(station).map { .init($0, labels: station.labels) } }
        )
    }

    private func counter(_ name: String, _ help: String, _ value: Int) -> Metric {
        metric(name, help, .counter, [.init(Double(value))])
    }

    private func gauge(_ name: String, _ help: String, _ value: Double) -> Metric {
        metric(name, help, .gauge, [.init(value)])
    }

    private func histogram(_ name: String, _ help: String, _ values: MetricsHistogram) -> Metric {
        .histogram(
            name: "crosswind_ingest_\(name)",
            help: help,
            bounds: values.bounds,
            counts: values.counts,
            sum: values.sum
        )
    }

    private func metric(
        _ name: String,
        _ help: String,
        _ kind: Metric.Kind,
        _ samples: [Metric.Sample]
    ) -> Metric {
        Metric(name: "crosswind_ingest_\(name)", help: help, kind: kind, samples: samples)
    }
}

extension MetricsSnapshot.Station {
    fileprivate var labels: [String: String] { ["network": network, "station": station] }
}
