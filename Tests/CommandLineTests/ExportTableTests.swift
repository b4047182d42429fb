import Archive
import Foundation
import Geo
import Observations
import Quantities
import TestSupport
import Testing

private func number(_ row: [String: String], _ column: String) throws -> Double {
    try #require(row[column].flatMap(Double.init))
}

/// A vehicle that crosses three cells of a hundredth of a degree, a reading a second, and stands in the middle one.
private func drive(_ station: String = "car", scale: CalibrationScale = .co2X2007) throws -> [Reading] {
    try (0..<300).map { second in
        let place = second < 100 ? second : second < 200 ? 100 : second - 100
        let position = try #require(Position(longitude: 10.00505 + Double(place) * 1e-4, latitude: 50.005))
        return Reading(
            station: station,
            instrument: "i",
            gas: .co2,
            time: ReadingStore.start.advanced(bySeconds: Double(second)),
            valuePartsPerMillion: second < 50 ? 400 : second < 250 ? 420 : 410,
            scale: scale,
            position: position,
            standardUncertaintyPartsPerMillion: 0.2,
            flag: .good
        )
    }
}

@Test func passagesOfAVehicleThroughCells() async throws {
    let script = try StoreScript()
    try await script.store(atHour: 1, drive())
    let run = try await script.export("segments", "--station", "car")

    #expect(run.status == 0, "\(run.standardError)")
    let table = rows(run.standardOutput)
    #expect(try table.map { try number($0, "mean_ppm") } == [400, 420, 410])
    #expect(abs(try number(table[1], "cell_longitude") - 10.015) < 1e-9)
    #expect(abs(try number(table[1], "cell_latitude") - 50.005) < 1e-9)
    #expect(try number(table[1], "standstill_share") > 0.4)
    #expect(try number(table[0], "standstill_share") == 0)
    #expect(abs(try number(table[0], "mean_speed_m_s") - 7.15) < 0.1)
    let passes = rows(try await script.export("segments", "--station", "car", "--passes").standardOutput)
    #expect(passes.map { $0["passes"] } == ["1", "1", "1"])
    #expect(passes[1]["day"] == "2024-05-01T00:00:00Z" && passes[1]["mean_ppm"] == "420.0")
    let coarse = try await script.export("segments", "--station", "car", "--cell", "0.1")
    #expect(rows(coarse.standardOutput).count == 1)
    let uneven = try await script.export("segments", "--station", "car", "--cell", "0.007")
    #expect(uneven.status == 64 && uneven.standardError.contains("0.007"))
}

@Test func vehiclesOnTwoScalesDoNotShareAMap() async throws {
    let script = try StoreScript()
    try await script.store(atHour: 1, drive() + drive("van", scale: .co2X2019))
    let arguments = ["export", "segments", "--station", "car", "--station", "van", "--store", script.path]
    let run = try await ProgramRun.run(Places.crosswind, arguments)

    #expect(run.status == 65)
    #expect(run.standardError.contains("WMO-CO2-X2007: car/i; WMO-CO2-X2019: van/i"))
    let converted = try await ProgramRun.run(Places.crosswind, arguments + ["--scale", "WMO-CO2-X2019"])
    #expect(converted.status == 0)
    #expect(rows(converted.standardOutput).count == 6)
}

/// Wind at a mast every ten minutes of two days: from the north in the first, from the south in the second.
private func storeWind(_ script: StoreScript) async throws {
    try await script.transact(atHour: 1) { writer in
        for step in 0..<288 {
            let conditions: Conditions = [
                "ws": step % 6 == 0 ? 0.2 : 4, "wd": step < 144 ? 350 : 190, "t": 9.5,
            ]
            _ = try writer.storeWeather(
                conditions,
                at: ReadingStore.start.advanced(bySeconds: Double(step) * 600),
                of: writer.station("mast", network: "net")
            )
        }
        try writer.endMessage(topic: [UInt8]("t".utf8).span.bytes, payload: [UInt8]("{}".utf8).span.bytes)
    }
}

@Test func windIsAveragedAsVectors() async throws {
    let script = try StoreScript()
    try await storeWind(script)
    let run = try await script.export("wind", "--interval", "hour")

    #expect(run.status == 0, "\(run.standardError)")
    let table = rows(run.standardOutput)
    #expect(table.count == 48)
    #expect(abs(try number(table[0], "vector_direction_deg") - 350) < 1e-9)
    #expect(abs(try number(table[47], "vector_direction_deg") - 190) < 1e-9)
    #expect(abs(try number(table[0], "calm_share") - 1.0 / 6) < 1e-12)
    #expect(abs(try number(table[0], "scalar_speed_m_s") - 20.2 / 6) < 1e-12)
    #expect(table[0]["complete"] == "true" && table[0]["station"] == "mast")
    let days = rows(try await script.export("wind", "--interval", "day").standardOutput)
    #expect(days.map { $0["count"] } == ["144", "144"])
}

@Test func weatherHasAColumnForEachCondition() async throws {
    let script = try StoreScript()
    try await storeWind(script)
    let run = try await script.export("weather", "--to", StoreScript.hour(1))

    #expect(run.standardOutput.hasPrefix("time,network,station,t,ws,wd\n"))
    #expect(rows(run.standardOutput).count == 6)
    #expect(
        rows(run.standardOutput)[1] == [
            "time": "2024-05-01T00:10:00Z", "network": "net", "station": "mast", "t": "9.5", "ws": "4.0",
            "wd": "350.0",
        ]
    )
    let chosen = try await script.export("weather", "--conditions", "rh,t")
    #expect(
        chosen.standardOutput.hasPrefix("time,network,station,rh,t\n2024-05-01T00:00:00Z,net,mast,,9.5\n")
    )
}

@Test func theEnhancementOverWhatTheWindBrings() async throws {
    let script = try StoreScript()
    try await storeWind(script)
    func readings(_ station: String, _ latitude: Double, _ value: Double) throws -> [Reading] {
        let position = try #require(Position(longitude: 10, latitude: latitude))
        return (0..<1440).map {
            Reading(
                station: station,
                instrument: "i",
                gas: .co2,
                time: ReadingStore.start.advanced(bySeconds: Double($0) * 120),
                valuePartsPerMillion: value,
                scale: .co2X2007,
                position: position,
                standardUncertaintyPartsPerMillion: 0.1,
                flag: .good
            )
        }
    }
    let all = try readings("city", 50, 420) + readings("north", 50.2, 400) + readings("south", 49.8, 410)
    try await script.store(atHour: 2, all)
    let arguments = ["export", "enhancement", "--station", "city", "--gas", "co2", "--store", script.path]
    let upwind = ["--background", "upwind", "--wind", "mast"]
    let run = try await ProgramRun.run(Places.crosswind, arguments + upwind)

    #expect(run.status == 0, "\(run.standardError)")
    let table = rows(run.standardOutput)
    #expect(table.count == 1440)
    #expect(table[0]["enhancement_ppm"] == "20.0" && table[0]["background_station"] == "north")
    #expect(table[1439]["enhancement_ppm"] == "10.0" && table[1439]["background_station"] == "south")
    let windless = try await ProgramRun.run(
        Places.crosswind,
        arguments + ["--background", "upwind", "--wind", "north"]
    )
    #expect(windless.status == 65 && windless.standardError.contains("no wind was measured"))
    let bare = try await ProgramRun.run(Places.crosswind, arguments + ["--background", "upwind"])
    #expect(bare.status == 64 && bare.standardError.contains("--wind"))
    let stray = try await ProgramRun.run(Places.crosswind, arguments + ["--wind", "mast"])
    #expect(stray.status == 64)
}
