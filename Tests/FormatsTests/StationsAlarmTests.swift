import Formats
import Foundation
import Observations
import Quantities
import TestSupport
import Testing

private func alarms(_ text: String) throws -> [AlarmRule] {
    let folder = try TemporaryFolder()
    let file = folder.file("network.json")
    let network = """
        {"id":"n","names":"n","credit":"c","alarms":\(text),"stations":[{"id":"s","names":"s",
        "kind":"vehicle","instruments":[{"id":"i","gas":"co2","unit":"ppm","scale":"unstated",
        "gross_range":{"fail":[1,4000],"suspect":[2,3000]}}]}]}
        """
    try Data(network.utf8).write(to: file)
    return try NetworkFile(path: file.path).alarms
}

@Suite struct StationsAlarmTests {
    @Test func everyKindIsReadWithItsDefaults() throws {
        let rules = try alarms(
            """
            [{"kind":"silence","station":"*"}, {"kind":"silence","station":"s","after_seconds":90},
             {"kind":"threshold","gas":"co2","above":900},
             {"kind":"threshold","station":"s","gas":"ch4","above":5,"clear_below":4,"for_seconds":60,
              "flags":["good","suspect"]},
             {"kind":"capture","below":0.75}]
            """
        )
        #expect(
            rules == [
                .silence(.init(station: nil, afterSeconds: nil, intervals: 3)),
                .silence(.init(station: "s", afterSeconds: 90)),
                .threshold(
                    .init(
                        station: nil,
                        gas: .co2,
                        abovePartsPerMillion: 900,
                        clearBelowPartsPerMillion: 900
                    )
                ),
                .threshold(
                    .init(
                        station: "s",
                        gas: .ch4,
                        abovePartsPerMillion: 5,
                        clearBelowPartsPerMillion: 4,
                        forSeconds: 60,
                        flags: [.good, .suspect]
                    )
                ), .capture(.init(station: nil, below: 0.75, clearAt: 0.8)),
            ]
        )
    }

    @Test(arguments: [
        (#"[{"kind":"noise"}]"#, "kind"), (#"[{"kind":"silence","station":"x"}]"#, "no station `x`"),
        (#"[{"kind":"silence","above":3}]"#, "does not belong"), (#"[{"kind":"silence","aftr":3}]"#, "after"),
        (#"[{"kind":"silence","after_seconds":0}]"#, "positive"),
        (#"[{"kind":"silence","after_seconds":9,"intervals":3}]"#, "either"),
        (#"[{"kind":"threshold","gas":"co2","above":9,"clear_below":10}]"#, "above the limit"),
        (#"[{"kind":"threshold","gas":"co2","above":9,"flags":["bad"]}]"#, "bad"),
        (#"[{"kind":"threshold","gas":"co2"}]"#, "above"), (#"[{"kind":"capture","below":2}]"#, "share"),
        (#"[{"kind":"capture","below":0.5,"clear_at":0.4}]"#, "between"), ("3", "array"),
    ])
    func mistakesAreNamed(text: String, words: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try alarms(text) }
        #expect(try #require(error).line.contains(words), "\(error?.line ?? "")")
    }
}
