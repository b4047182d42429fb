public import Quantities

extension QualityProfile {
    /// The defaults of an instrument: numbers in ppm are for CO2 near the ground. For another gas only tests
    /// that do not look at the value are on, because what is usual for it depends on what is looked for: around a
    /// methane leak a spike is the signal.
    /// - Parameter grade: nil for a reference instrument of which nothing was said; only then the warm-up of an
    ///   analyser of another gas is not tested.
    public static func standard(
        for kind: PlatformKind,
        grade: InstrumentGrade? = nil,
        gas: Gas
    ) -> QualityProfile {
        var profile = QualityProfile()
        profile.grade = grade
        if kind == .vehicle { profile.setPositionTests() }
        if gas == .co2 || grade != nil { profile.setStateTests(kind, grade ?? .reference) }
        if gas == .co2 { profile.setValueTests(kind, grade ?? .reference) }
        return profile
    }

    /// Of the receiver: UATAQ (Mendoza et al. 2019) for satellites and warm-up.
    private mutating func setPositionTests() {
        fix = FixLimit(fewestSatellites: 4, largestErrorMetres: 15)
        fixWarmUp = WarmUpLimit(gapSeconds: 300, settleSeconds: 60)
        jumpMetresPerSecond = 60
        // Receivers report an exact zero at rest; what creeps in a queue is no standstill.
        standstillMetresPerSecond = 0.05
    }

    private mutating func setStateTests(_ kind: PlatformKind, _ grade: InstrumentGrade) {
        let settle: Double = grade == .lowCost ? 1800 : 300
        warmUp = WarmUpLimit(gapSeconds: kind == .vehicle ? 300 : 3600, settleSeconds: settle)
        // 30,000 ppm, as UATAQ has it; optical sensors for room air are not corrected so far.
        if grade != .lowCost { largestWaterVapourPercent = 3 }
    }

    private mutating func setValueTests(_ kind: PlatformKind, _ grade: InstrumentGrade) {
        colocation = ColocationLimit()
        switch kind {
        case .fixed: buddy = BuddyLimit()
        case .vehicle: stationPass = StationPassLimit()
        }
        switch (kind, grade) {
        case (.vehicle, .lowCost), (.vehicle, .midCost), (.vehicle, .reference):
            setVehicleTests(resolution: grade == .lowCost ? 0 : 0.01)
        case (.fixed, .lowCost):
            setTests(ratePerMinute: 30, windowMinutes: 121, deviations: 3, smallest: 5)
            flatLine = FlatLineLimit(tolerancePartsPerMillion: 0, suspectSeconds: 7200, failSeconds: 21_600)
        case (.fixed, .midCost), (.fixed, .reference):
            setTests(
                ratePerMinute: 10,
                windowMinutes: 61,
                deviations: 5,
                smallest: grade == .midCost ? 2 : 0.5
            )
            flatLine = FlatLineLimit(tolerancePartsPerMillion: 0.01, suspectSeconds: 1800, failSeconds: 3600)
        }
    }

    private mutating func setTests(
        ratePerMinute: Double,
        windowMinutes: Double,
        deviations: Double,
        smallest: Double
    ) {
        rateOfChange = RateOfChangeLimit(
            partsPerMillionPerSecond: ratePerMinute / 60,
            shortestStepSeconds: 60,
            longestStepSeconds: 300
        )
        hampel = HampelLimit(
            windowSeconds: windowMinutes * 60,
            deviations: deviations,
            smallestDistancePartsPerMillion: smallest,
            keepsPlumes: false
        )
    }

    private mutating func setVehicleTests(resolution: Double) {
        rateOfChange = RateOfChangeLimit(
            partsPerMillionPerSecond: 20,
            shortestStepSeconds: 1,
            longestStepSeconds: 10
        )
        hampel = HampelLimit(
            windowSeconds: 31,
            deviations: 8,
            smallestDistancePartsPerMillion: 2,
            keepsPlumes: true
        )
        flatLine = FlatLineLimit(
            tolerancePartsPerMillion: resolution,
            suspectSeconds: 10,
            failSeconds: 30
        )
        ownExhaust = OwnExhaustLimit(metresPerSecond: 2, excessPartsPerMillion: 100, windowSeconds: 600)
    }
}
