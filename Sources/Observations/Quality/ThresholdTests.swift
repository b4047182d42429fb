import Quantities

/// Tests of single readings against what else is known.
extension VerdictColumn {
    mutating func testWaterVapour(_ percent: [Double], _ largest: Double) {
        test(percent, .waterVapour) { $0 <= largest }
    }

    mutating func testBattery(_ volts: [Double], _ smallest: Double) {
        test(volts, .battery) { $0 >= smallest }
    }

    private mutating func test(_ column: [Double], _ test: QualityTests, _ isFine: (Double) -> Bool) {
        for index in column.indices where column[index].isFinite {
            if isFine(column[index]) { pass(index) } else { mark(index, .suspect, test) }
        }
    }

    mutating func testClimatology(_ air: QualitySeries.Column, _ bands: [ClimatologyBand]) {
        let table = ClimatologyTable(bands)
        var hourOfBand: Int64?
        var band: ClosedRange<Double>?
        for place in 0..<air.count {
            let hour = air.times[place].flooredHours
            if hour != hourOfBand {
                band = table.band(at: Instant(microseconds: air.times[place]))
                hourOfBand = hour
            }
            guard let band else { continue }
            if band.contains(air.values[place]) {
                pass(air.indices[place])
            } else {
                mark(air.indices[place], .suspect, .climatology)
            }
        }
    }

    mutating func testFloor(_ air: QualitySeries.Column, _ background: BackgroundFloor) {
        for place in 0..<air.count {
            let floor = background.floorPartsPerMillion(at: Instant(microseconds: air.times[place]))
            if air.values[place] >= floor {
                pass(air.indices[place])
            } else {
                mark(air.indices[place], .suspect, .climatology)
            }
        }
    }
}

extension Int64 {
    fileprivate var flooredHours: Int64 {
        let hours = self / 3_600_000_000
        return self % 3_600_000_000 < 0 ? hours - 1 : hours
    }
}

/// The bands by month and hour; where two meet, the later one holds.
private struct ClimatologyTable {
    private var bands: [Int: ClosedRange<Double>] = [:]

    init(_ list: [ClimatologyBand]) {
        for band in list where band.lowestPartsPerMillion <= band.highestPartsPerMillion {
            for month in band.months {
                for hour in band.hours {
                    bands[month * 24 + hour] = band.lowestPartsPerMillion...band.highestPartsPerMillion
                }
            }
        }
    }

    func band(at time: Instant) -> ClosedRange<Double>? {
        let civil = time.civil
        return bands[civil.month * 24 + civil.hour]
    }
}
