import Geo
import Quantities

/// The readings of one series as columns, so that the tests run over contiguous numbers.
struct QualitySeries {
    /// Microseconds since 1970, ascending.
    var times: [Int64] = []
    var isMissing: [Bool] = []
    var isBottle: [Bool] = []
    /// The readings whose value can be compared with others: air that the instrument measured properly.
    var air: Column = Column()
    /// The readings with a position.
    var track: [TrackPoint] = []
    /// NaN where not reported; empty where no test asks for it.
    var speeds: [Double] = []
    var satellites: [Double] = []
    var fixErrors: [Double] = []
    var waterVapour: [Double] = []
    var battery: [Double] = []

    /// Values with their times and the places of their readings.
    struct Column {
        var indices: [Int] = []
        var times: [Int64] = []
        var values: [Double] = []

        var count: Int { indices.count }

        func seconds(from first: Int, to second: Int) -> Double {
            Double(times[second] - times[first]) / 1e6
        }
    }

    struct TrackPoint {
        var index: Int
        var time: Int64
        var longitude: Double
        var latitude: Double
    }

    /// - Parameter readings: in the order of time.
    init(_ readings: [Reading], _ profile: QualityProfile) {
        reserve(readings.count)
        let isMoving = profile.needsTrack
        for index in readings.indices {
            let reading = readings[index]
            append(reading, index)
            if isMoving, let place = reading.position {
                let time = reading.time.microseconds
                track.append(
                    TrackPoint(index: index, time: time, longitude: place.longitude, latitude: place.latitude)
                )
            }
        }
        let names = profile.conditionNames
        guard !names.isEmpty else { return }
        fillConditions(readings, names)
    }

    private mutating func reserve(_ count: Int) {
        times.reserveCapacity(count)
        isMissing.reserveCapacity(count)
        isBottle.reserveCapacity(count)
        air.indices.reserveCapacity(count)
        air.times.reserveCapacity(count)
        air.values.reserveCapacity(count)
    }

    private mutating func append(_ reading: borrowing Reading, _ index: Int) {
        let time = reading.time.microseconds
        let value = reading.valuePartsPerMillion
        let hasBottle = reading.bottle != nil
        times.append(time)
        isMissing.append(value == nil)
        isBottle.append(hasBottle)
        guard let value, value.isFinite, !hasBottle else { return }
        let isUnfit = reading.flag == .fail && !reading.tests.isDisjoint(with: .unfitForComparison)
        guard !isUnfit else { return }
        air.indices.append(index)
        air.times.append(time)
        air.values.append(value)
    }

    private mutating func fillConditions(_ readings: [Reading], _ names: Set<String>) {
        let empty = [Double](repeating: .nan, count: readings.count)
        speeds = names.contains("spd") ? empty : []
        satellites = names.contains("sat") ? empty : []
        fixErrors = names.contains("acc") ? empty : []
        waterVapour = names.contains("h2o") ? empty : []
        battery = names.contains("bat") ? empty : []
        for index in readings.indices {
            // Backwards, because of a name that is there twice the first counts.
            for entry in readings[index].conditions.entries.reversed() {
                switch entry.name {
                case "spd": if !speeds.isEmpty { speeds[index] = entry.value }
                case "sat": if !satellites.isEmpty { satellites[index] = entry.value }
                case "acc": if !fixErrors.isEmpty { fixErrors[index] = entry.value }
                case "h2o": if !waterVapour.isEmpty { waterVapour[index] = entry.value }
                case "bat": if !battery.isEmpty { battery[index] = entry.value }
                default: break
                }
            }
        }
    }
}

extension QualityTests {
    /// A value that failed one of these says nothing about its neighbours.
    static let unfitForComparison: QualityTests = [.grossRange, .instrumentState, .deviceFlag]
}

extension QualityProfile {
    var needsTrack: Bool { fixWarmUp != nil || fix != nil || jumpMetresPerSecond != nil }

    /// The conditions that the tests read.
    var conditionNames: Set<String> {
        var names: Set<String> = []
        if standstillMetresPerSecond != nil || ownExhaust != nil { names.insert("spd") }
        if fix != nil { names.formUnion(["sat", "acc"]) }
        if largestWaterVapourPercent != nil { names.insert("h2o") }
        if smallestBatteryVolts != nil { names.insert("bat") }
        return names
    }
}

/// The verdicts on a series while the tests run.
struct VerdictColumn {
    private(set) var verdicts: [QualityVerdict]

    init(_ series: QualitySeries) {
        verdicts = series.times.indices.map { index in
            if series.isMissing[index] { return QualityVerdict(flag: .missing, tests: .missingValue) }
            if series.isBottle[index] { return QualityVerdict(flag: .fail, tests: .calibrationGas) }
            return QualityVerdict(flag: .notEvaluated, tests: [])
        }
    }

    /// Of readings of which nothing has been said.
    init(count: Int) {
        verdicts = Array(repeating: QualityVerdict(flag: .notEvaluated, tests: []), count: count)
    }

    /// A test was evaluated and had nothing to say.
    mutating func pass(_ index: Int) {
        if verdicts[index].flag == .notEvaluated { verdicts[index].flag = .good }
    }

    mutating func mark(_ index: Int, _ flag: QualityFlag, _ test: QualityTests) {
        verdicts[index].flag = verdicts[index].flag.worse(flag)
        verdicts[index].tests.formUnion(test)
    }

    /// Notes something that worsens nothing.
    mutating func remark(_ index: Int, _ test: QualityTests) { verdicts[index].tests.formUnion(test) }
}
