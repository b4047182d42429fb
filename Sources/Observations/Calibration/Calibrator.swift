import Quantities

/// Applies a calibration plan to the readings of one instrument.
///
/// A pure function of the plan and of what the instrument measured of bottles, or beside its reference: neither
/// the order in which readings arrived nor how they are cut into calls plays a part.
public struct Calibrator: Sendable {
    public let plan: CalibrationPlan
    /// What was found, in the order of time; targets last.
    public let records: [CalibrationRecord]
    /// The runs of bottles with those that do not count.
    public let runs: [BottleRun]
    /// Why there is no calibration, where one cannot be made.
    public let problem: TransferError?
    private let response: Response
    private var targets: [Target] = []

    private enum Response: Sendable {
        case none
        case unchanged
        case fixed(FixedCalibration)
        case events([CalibrationEvent])
        case transfer(TransferModel, [Period])
    }

    private struct Target: Sendable {
        let time: Instant
        let isBeyondLimit: Bool
    }

    /// - Parameters:
    ///   - readings: of one series, in the order of time; only those of bottles, and those of the periods beside
    ///     the reference, matter.
    ///   - reference: readings of the plan's reference in these periods; of use to ``TransferPlan`` only.
    public init(_ plan: CalibrationPlan, readings: [Reading], reference: [Reading] = []) {
        self.plan = plan
        switch plan.method {
        case .unchanged:
            (response, records, runs, problem) = (.unchanged, [], [], nil)
        case .fixed(let line):
            response = .fixed(line)
            records = [CalibrationRecord(line: line.slope, line.intercept, line.covariance, nil)]
            (runs, problem) = ([], nil)
        case .bottles(let bottles):
            let found = bottles.runs(in: readings, dryAir: plan.dryAir)
            let events = bottles.events(of: found)
            let checks = bottles.targetChecks(found, events, drift: plan.driftPartsPerMillionPerDay)
            response = events.isEmpty ? .none : .events(events)
            targets = checks.map { Target(time: $0.time, isBeyondLimit: $0.record.isBeyondLimit) }
            records =
                events.map {
                    CalibrationRecord(line: $0.line.slope, $0.line.intercept, $0.line.covariance, $0)
                } + checks.map(\.record)
            (runs, problem) = (found, nil)
        case .transfer(let transfer):
            runs = []
            do {
                let pairs = TransferPairs(transfer, readings, reference, plan.dryAir)
                let model = try TransferModel(fitting: pairs, transfer)
                (response, records, problem) = (.transfer(model, transfer.periods), [model.record], nil)
            } catch {
                (response, records, problem) = (.none, [], error)
            }
        }
    }

    /// One value for each reading; nil where ``calibrate(_:)`` gives none.
    public func calibrate(_ readings: [Reading]) -> [CalibratedValue?] { readings.map { calibrate($0) } }

    /// Nil for gas from a bottle, for a reading without value, where the water vapour is not known that the
    /// correction to dry air needs, and as long as there is no calibration.
    public func calibrate(_ reading: Reading) -> CalibratedValue? {
        guard reading.bottle == nil, !reading.tests.contains(.calibrationGas) else { return nil }
        return calibrateAnyGas(reading)
    }

    private func calibrateAnyGas(_ reading: Reading) -> CalibratedValue? {
        guard var shown = reading.valuePartsPerMillion else { return nil }
        if let dryAir = plan.dryAir {
            guard let dry = dryAir.dry(shown, reading.conditions) else { return nil }
            shown = dry
        }
        let stated = plan.repeatabilityPartsPerMillion ?? reading.standardUncertaintyPartsPerMillion ?? 0
        switch response {
        case .none: return nil
        case .unchanged: return finished(reading, shown, uncertainty(repeatability: stated), .zero)
        case .fixed(let line):
            var uncertainty = uncertainty(repeatability: abs(line.slope) * stated)
            uncertainty.fit = line.covariance.variance(at: shown).squareRoot()
            return finished(reading, line.slope * shown + line.intercept, uncertainty, .zero)
        case .events(let events): return byBottles(reading, shown, events, stated)
        case .transfer(let model, let periods): return byTransfer(reading, shown, model, periods)
        }
    }
}

extension Calibrator {
    /// How far a calibration is, and what it covered.
    private struct Reach {
        var ageSeconds = 0.0
        var isCovered = true
        static let zero = Reach()
    }

    private func uncertainty(repeatability: Double) -> CalibrationUncertainty {
        var uncertainty = CalibrationUncertainty()
        uncertainty.repeatability = repeatability
        uncertainty.scale = plan.scaleUncertaintyPartsPerMillion
        return uncertainty
    }

    private func byBottles(
        _ reading: Reading,
        _ shown: Double,
        _ events: [CalibrationEvent],
        _ stated: Double
    ) -> CalibratedValue? {
        guard let line = InterpolatedLine(events, at: reading.time) else { return nil }
        let value = line.value(shown)
        var uncertainty = uncertainty(repeatability: line.slope * stated)
        uncertainty.fit = line.runVariance(at: value).squareRoot()
        uncertainty.certificate = line.certificateVariance(at: value).squareRoot()
        uncertainty.drift = plan.driftPartsPerMillionPerDay * line.driftDays
        let reach = Reach(
            ageSeconds: line.ageSeconds,
            isCovered: line.values.map { $0.contains(value) } ?? true
        )
        return finished(reading, value, uncertainty, reach)
    }

    private func byTransfer(
        _ reading: Reading,
        _ shown: Double,
        _ model: TransferModel,
        _ periods: [Period]
    ) -> CalibratedValue? {
        guard let prediction = model.predict(shown, reading.conditions) else { return nil }
        let age = periods.map { $0.distanceSeconds(to: reading.time) }.min() ?? 0
        var uncertainty = uncertainty(
            repeatability: plan.repeatabilityPartsPerMillion ?? model.residualDeviation
        )
        uncertainty.fit = prediction.fitStandardUncertainty
        uncertainty.certificate = model.referenceStandardUncertainty
        uncertainty.drift = plan.driftPartsPerMillionPerDay * age / 86_400
        let reach = Reach(ageSeconds: age, isCovered: !prediction.isExtrapolated)
        return finished(reading, prediction.value, uncertainty, reach, scale: model.scale)
    }

    private func finished(
        _ reading: Reading,
        _ value: Double,
        _ uncertainty: CalibrationUncertainty,
        _ reach: Reach,
        scale: CalibrationScale? = nil
    ) -> CalibratedValue? {
        guard value.isFinite, uncertainty.combined.isFinite else { return nil }
        var tests: QualityTests = []
        let isCovered = plan.spanPartsPerMillion.map { $0.contains(value) } ?? reach.isCovered
        let isOld = plan.maximumAgeSeconds.map { reach.ageSeconds > $0 } ?? false
        if isOld || !isCovered { tests.insert(.calibrationAge) }
        if isTargetMissed(at: reading.time) { tests.insert(.targetBias) }
        return CalibratedValue(
            valuePartsPerMillion: value,
            uncertainty: uncertainty,
            scale: plan.scale ?? scale ?? reading.scale,
            tests: tests,
            dryAir: plan.dryAir?.name
        )
    }

    /// What the nearest check says; of two equally near ones the earlier.
    private func isTargetMissed(at time: Instant) -> Bool {
        let next = targets.partitionIndex { $0.time > time }
        guard next > 0 else { return targets.first?.isBeyondLimit ?? false }
        guard next < targets.count else { return targets[next - 1].isBeyondLimit }
        let isEarlierNearer =
            time.seconds(since: targets[next - 1].time) <= targets[next].time.seconds(since: time)
        return targets[isEarlierNearer ? next - 1 : next].isBeyondLimit
    }
}

extension Period {
    /// Seconds from a moment to the nearest of the period; 0 within.
    fileprivate func distanceSeconds(to time: Instant) -> Double {
        max(0, start.seconds(since: time), time.seconds(since: end))
    }
}

extension BottlePlan {
    /// The target's calibrated value against its certificate, run by run.
    func targetChecks(
        _ runs: [BottleRun],
        _ events: [CalibrationEvent],
        drift: Double
    ) -> [(time: Instant, record: CalibrationRecord)] {
        runs.filter { $0.bottle == target && $0.rejection == nil }.compactMap { run in
            guard let point = point(run), let line = InterpolatedLine(events, at: run.time) else {
                return nil
            }
            let measured = line.value(point.response)
            let bias = measured - point.value
            let drifted = drift * line.driftDays
            let variance =
                line.slope * line.slope * point.responseVariance + point.valueVariance
                + line.runVariance(at: measured) + line.certificateVariance(at: measured)
                + drifted * drifted
            let record = CalibrationRecord(
                kind: .target,
                period: Period(start: run.start, end: run.end),
                names: ["bias"],
                coefficients: [bias],
                covariance: [variance],
                rootMeanSquarePartsPerMillion: abs(bias),
                count: run.used,
                detail: "bottle \(run.bottle), certificate \(point.value) ppm",
                isBeyondLimit: abs(bias) > targetLimitPartsPerMillion
            )
            return (run.time, record)
        }
    }
}
