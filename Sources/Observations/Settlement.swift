public import Quantities

/// The rules by which the readings of one series are settled: the tests among neighbours, the calibration, and what
/// people decided.
///
/// Streaming, reprocessing and looking back at an earlier state of the store all go through it.
public struct SeriesRules: Sendable {
    public let network: String
    public let instrument: Instrument
    public let edits: OperatorEdits
    /// The tests against other series, which come after ``settle(_:_:)``; nil where there are none.
    public let comparison: SeriesComparison?

    public init(network: String, instrument: Instrument, edits: OperatorEdits) {
        self.network = network
        self.instrument = instrument
        self.edits = edits
        comparison = SeriesComparison(instrument)
    }

    /// What becomes of a reading depends on the readings that lie no further than this before or after it, and on
    /// the calibration; seconds.
    public var margin: Double { instrument.quality.margin }

    /// When, by the edits, gas came from a bottle that was announced as air: these readings belong to the
    /// calibration as much as those of announced bottles.
    public var stretchesCalledBottles: [Period] {
        edits.edits.compactMap { edit in
            guard case .bottle(old: nil, new: .some) = edit.change, edit.network ?? network == network,
                edit.instrument ?? instrument.id == instrument.id,
                edit.gas ?? instrument.gas == instrument.gas
            else { return nil }
            let end = edit.end ?? Instant(microseconds: .max)
            return edit.start < end ? Period(start: edit.start, end: end) : nil
        }
    }

    /// Finds the calibration of an instrument that has a plan for it.
    /// - Parameters:
    ///   - readings: of the series, as reported: those of bottles, and those beside the reference.
    ///   - reference: readings of the plan's reference, as they stand.
    public func calibrator(readings: [Reading], reference: [Reading] = []) -> Calibrator? {
        instrument.calibration.map {
            Calibrator($0, readings: edits.correctingBottles(readings), reference: reference)
        }
    }

    /// The readings as they stand after everything but being compared with other series.
    /// - Parameter reported: as the messages gave them, in the order of time.
    public func settle(_ reported: [Reading], _ calibrator: Calibrator?) -> [Reading] {
        var readings = edits.correctingBottles(reported)
        var verdicts = zip(readings, contextVerdicts(readings, profile: instrument.quality)).map {
            QualityVerdict(flag: $0.flag, tests: $0.tests).combined(with: $1)
        }
        if let calibrator {
            for index in readings.indices {
                guard let value = calibrator.calibrate(readings[index]) else {
                    verdicts[index] = verdicts[index].combined(with: uncalibrated(readings[index]))
                    continue
                }
                verdicts[index] = verdicts[index]
                    .combined(with: QualityVerdict(flag: value.flag, tests: value.tests))
                readings[index] = readings[index].calibrated(value)
            }
        }
        verdicts = edits.apply(to: verdicts, of: readings)
        for index in readings.indices {
            readings[index].flag = verdicts[index].flag
            readings[index].tests = verdicts[index].tests
        }
        return readings
    }

    /// A value that ought to be calibrated and cannot be is suspect; a bottle's gas has its own flag.
    private func uncalibrated(_ reading: Reading) -> QualityVerdict {
        guard reading.bottle == nil, reading.valuePartsPerMillion != nil else { return .passed }
        return QualityVerdict(flag: .suspect, tests: .calibrationAge)
    }
}

extension Reading {
    fileprivate func calibrated(_ value: CalibratedValue) -> Reading {
        Reading(
            station: station,
            instrument: instrument,
            gas: gas,
            time: time,
            valuePartsPerMillion: value.valuePartsPerMillion,
            scale: value.scale,
            position: position,
            standardUncertaintyPartsPerMillion: value.standardUncertaintyPartsPerMillion,
            flag: flag,
            tests: tests,
            conditions: conditions,
            bottle: bottle
        )
    }
}
