public import Quantities

/// What a bit of ``QualityTests`` means for an instrument, for the legend of an export.
public struct QualityTestDescription: Codable, Equatable, Sendable {
    /// Counted from 0.
    public let bit: Int
    /// The name by which files mean the test.
    public let key: String
    public let names: LocalizedName
    /// With units, in signs that need no translation; empty where the test has no number.
    public let threshold: String
    /// ``QualityProfile/version``.
    public let version: Int
}

extension QualityTests {
    /// All tests, in the order of their bits.
    static let catalogue: [(test: QualityTests, key: String, names: LocalizedName)] = [
        (.missingValue, "missing_value", LocalizedName(english: "value missing", chinese: "数值缺失")),
        (.grossRange, "gross_range", LocalizedName(english: "gross range", chinese: "总量程")),
        (.location, "location", LocalizedName(english: "position absent or impossible", chinese: "位置缺失或不可能")),
        (.instrumentState, "instrument_state", LocalizedName(english: "instrument state", chinese: "仪器状态")),
        (.uncertainty, "uncertainty", LocalizedName(english: "uncertainty unknown", chinese: "不确定度未知")),
        (.deviceFlag, "device_flag", LocalizedName(english: "flag of the device", chinese: "设备自带标识")),
        (.fix, "fix", LocalizedName(english: "poor satellite fix", chinese: "卫星定位质量差")),
        (.waterVapour, "water_vapour", LocalizedName(english: "too much water vapour", chinese: "水汽过高")),
        (.battery, "battery", LocalizedName(english: "low battery", chinese: "电池电压低")),
        (
            .calibrationGas, "calibration_gas",
            LocalizedName(english: "gas from a bottle", chinese: "标准气（非环境空气）")
        ),
        (.rateOfChange, "rate_of_change", LocalizedName(english: "rate of change", chinese: "变化率")),
        (.spike, "spike", LocalizedName(english: "spike", chinese: "尖峰")),
        (.flatLine, "flat_line", LocalizedName(english: "flat line", chinese: "数值不变")),
        (.warmUp, "warm_up", LocalizedName(english: "warm-up after a gap", chinese: "中断后预热")),
        (.positionJump, "position_jump", LocalizedName(english: "position jump", chinese: "位置跳变")),
        (
            .attenuatedSignal, "attenuated_signal",
            LocalizedName(english: "attenuated signal", chinese: "信号衰减")
        ),
        (.ownExhaust, "own_exhaust", LocalizedName(english: "own exhaust", chinese: "自身尾气")),
        (
            .climatology, "climatology",
            LocalizedName(english: "climatology and background", chinese: "气候态与本底")
        ),
        (.buddy, "buddy", LocalizedName(english: "neighbouring stations disagree", chinese: "与邻近站不一致")),
        (
            .colocation, "colocation",
            LocalizedName(english: "drift from co-located reference", chinese: "相对同址参考漂移")
        ),
        (
            .calibrationAge, "calibration_age",
            LocalizedName(english: "calibration out of date", chinese: "校准过期")
        ),
        (.targetBias, "target_bias", LocalizedName(english: "target bottle bias", chinese: "目标气偏差")),
        (.ratio, "ratio", LocalizedName(english: "gas ratio", chinese: "气体比值")),
        (.operatorEdit, "operator_edit", LocalizedName(english: "set by a person", chinese: "人工设定")),
        (
            .plumeCandidate, "plume_candidate",
            LocalizedName(english: "possible plume (remark)", chinese: "疑似羽流（备注）")
        ),
        (.standstill, "standstill", LocalizedName(english: "vehicle at rest (remark)", chinese: "车辆静止（备注）")),
        (
            .stationPass, "station_pass",
            LocalizedName(english: "differs from the station passed", chinese: "与途经站点不一致")
        ),
        (
            .comparisonAlone, "comparison_alone",
            LocalizedName(english: "doubted by other series alone (remark)", chinese: "仅因与其他序列比较而存疑（备注）")
        ),
    ]

    /// The test of a key; nil for an unknown one.
    public init?(key: String) {
        guard let entry = Self.catalogue.first(where: { $0.key == key }) else { return nil }
        self = entry.test
    }

    /// The keys of all tests.
    public static var keys: [String] { catalogue.map(\.key) }

    /// The keys of the tests in the set, in the order of their bits.
    public var keys: [String] { Self.catalogue.filter { contains($0.test) }.map(\.key) }

    /// What the bits of readings of an instrument mean: all tests that are on or that need no threshold.
    public static func describe(_ instrument: Instrument) -> [QualityTestDescription] {
        let thresholds = Thresholds(instrument)
        return catalogue.compactMap { entry in
            guard let threshold = thresholds.text(entry.test) else { return nil }
            return QualityTestDescription(
                bit: entry.test.rawValue.trailingZeroBitCount,
                key: entry.key,
                names: entry.names,
                threshold: threshold,
                version: QualityProfile.version
            )
        }
    }
}

/// Writes the thresholds of an instrument.
private struct Thresholds {
    let instrument: Instrument
    private let comparison: SeriesComparison?
    private var profile: QualityProfile { instrument.quality }

    init(_ instrument: Instrument) {
        self.instrument = instrument
        comparison = SeriesComparison(instrument)
    }

    /// Nil for a test that is off.
    func text(_ test: QualityTests) -> String? {
        switch test {
        case .grossRange: grossRange
        case .instrumentState: state
        case .fix:
            profile.fix.map {
                "sat >= \(short($0.fewestSatellites)), acc <= \(short($0.largestErrorMetres)) m"
            }
        case .waterVapour: profile.largestWaterVapourPercent.map { "<= \(short($0)) %" }
        case .battery: profile.smallestBatteryVolts.map { ">= \(short($0)) V" }
        case .rateOfChange:
            profile.rateOfChange.map { "<= \(short($0.partsPerMillionPerSecond * 60)) ppm/min" }
        case .spike: spike
        case .flatLine: flatLine
        case .warmUp: warmUp
        case .positionJump: profile.jumpMetresPerSecond.map { "<= \(short($0)) m/s" }
        case .attenuatedSignal:
            profile.attenuation.map { "> \(short($0.rangePartsPerMillion)) ppm / \(short($0.seconds)) s" }
        case .ownExhaust: ownExhaust
        case .climatology: climatology
        case .plumeCandidate: profile.hampel.flatMap { $0.keepsPlumes ? hampel($0) : nil }
        case .standstill: profile.standstillMetresPerSecond.map { "< \(short($0)) m/s" }
        case .buddy, .colocation, .ratio, .stationPass, .comparisonAlone: comparison?.threshold(of: test)
        default: ""
        }
    }

    private var grossRange: String {
        let range = instrument.grossRange
        return "fail \(short(range.failBelow))..\(short(range.failAbove)) ppm, "
            + "suspect \(short(range.suspectBelow))..\(short(range.suspectAbove)) ppm"
    }

    private var state: String? {
        let limits = instrument.stateLimits.map {
            "\($0.quantity) \(short($0.minimum))..\(short($0.maximum))"
        }
        return limits.isEmpty ? nil : limits.joined(separator: ", ")
    }

    private var spike: String? {
        let parts = [
            profile.hampel.map(hampel),
            profile.spike.map {
                "\($0.method.rawValue) suspect > \(short($0.suspectPartsPerMillion)) ppm, "
                    + "fail > \(short($0.failPartsPerMillion)) ppm"
            },
        ].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private func hampel(_ limit: HampelLimit) -> String {
        "> \(short(limit.deviations)) x 1.4826 MAD / \(short(limit.windowSeconds)) s, "
            + "> \(short(limit.smallestDistancePartsPerMillion)) ppm"
    }

    private var flatLine: String? {
        profile.flatLine.map {
            "range <= \(short($0.tolerancePartsPerMillion)) ppm, suspect >= \(short($0.suspectSeconds)) s, "
                + "fail >= \(short($0.failSeconds)) s"
        }
    }

    private var warmUp: String? {
        let parts = [("analyser", profile.warmUp), ("GPS", profile.fixWarmUp)].compactMap { name, limit in
            limit.map { "\(name) \(short($0.settleSeconds)) s after > \(short($0.gapSeconds)) s" }
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private var ownExhaust: String? {
        profile.ownExhaust.map {
            "< \(short($0.metresPerSecond)) m/s and > P10 / \(short($0.windowSeconds)) s"
                + " + \(short($0.excessPartsPerMillion)) ppm"
        }
    }

    private var climatology: String? {
        var parts = profile.climatology.map {
            "\(short($0.lowestPartsPerMillion))..\(short($0.highestPartsPerMillion)) ppm"
        }
        if let floor = profile.background {
            parts.append(
                ">= \(short(floor.partsPerMillion)) ppm (\(floor.at)) - \(short(floor.tolerancePartsPerMillion)) ppm"
            )
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}

/// A whole number without its point.
private func short(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\((value * 1e6).rounded() / 1e6)"
}

extension SeriesComparison {
    /// Nil for a test that is off.
    fileprivate func threshold(of test: QualityTests) -> String? {
        switch test {
        case .buddy: buddy.map(threshold)
        case .colocation: colocation.map { threshold($0.reference, $0.limit) }
        case .ratio: ratio.map { threshold($0.gas, $0.limit) }
        case .stationPass: pass.map(threshold)
        default: ""
        }
    }

    private func threshold(_ limit: BuddyLimit) -> String {
        "> \(short(limit.deviations)) x 1.4826 MAD of \(limit.nights) nights "
            + "\(short(limit.nightHours.from))..\(short(limit.nightHours.to)) h solar time, at least "
            + "\(short(limit.smallestDeviationPartsPerMillion)) ppm, >= \(limit.fewestPairs) pairs, near "
            + "\(short(limit.nearSeconds)) s: \(companions.buddies.map(name).joined(separator: ", "))"
    }

    private func threshold(_ reference: CompanionSeries, _ limit: ColocationLimit) -> String {
        "|median| <= \(short(limit.offsetPartsPerMillion)) ppm / \(limit.hours) h, >= \(limit.fewestPairs) pairs, "
            + "near \(short(limit.nearSeconds)) s: \(name(reference))"
    }

    private func threshold(_ gas: CompanionSeries, _ limit: RatioLimit) -> String {
        "\(gas.gas.rawValue)/\(own.gas.rawValue) \(short(limit.smallest))..\(short(limit.largest)) above "
            + "\(short(limit.smallestExcessPartsPerMillion)) ppm over P10 / \(short(limit.windowSeconds)) s, near "
            + "\(short(limit.nearSeconds)) s: \(name(gas))"
    }

    private func threshold(_ limit: StationPassLimit) -> String {
        "|median| <= \(short(limit.offsetPartsPerMillion)) ppm within \(short(limit.reachMetres)) m, "
            + ">= \(limit.fewestPairs) pairs, near \(short(limit.nearSeconds)) s, pass ends after "
            + "\(short(limit.gapSeconds)) s: \(companions.passed.map { name($0.series) }.joined(separator: ", "))"
    }

    private func name(_ series: CompanionSeries) -> String { "\(series.station)/\(series.instrument)" }
}
