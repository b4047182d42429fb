import Formats
import Foundation
import Pipeline
import Quantities
import Report
import TestSupport
import Testing
import Verification

/// Review cases of a history in T12 of the report that names it.
@Suite struct ReviewCaseReportTests {
    private func finding(_ id: String, _ subject: LocalizedName, _ gas: Gas) -> Finding {
        Finding(
            id: id,
            subject: subject,
            gas: gas,
            opened: Instant(CivilTime(year: 2020, month: 3, day: 1)),
            direction: .inventoryToReview,
            explanations: [.activityData],
            ground: "three overpasses"
        )
    }

    private func evidence(_ day: Int) -> Evidence {
        Evidence(
            kind: .overpass,
            time: Instant(CivilTime(year: 2020, month: 2, day: day)),
            source: "satellite",
            residual: Estimate(mean: 3, standardDeviation: 1),
            unit: "Mt/yr",
            lineage: "test"
        )
    }

    private func report() throws -> VerificationReport {
        let scene = try CaseScene(
            #"comparisons: { file: "t.csv", inventory_is_prior: false }, cases: "cases.jsonl""#,
            tables: [
                "t.csv": """
                region,unit,inventory,inventory_sigma,prior,prior_sigma,posterior,posterior_sigma
                North,Mt/yr,100,10,100,50,160,10
                South,Mt/yr,100,10,100,50,160,10

                """,
                "cases.jsonl": "",
            ]
        )
        var file = try ReviewCasesFile(path: scene.path("cases.jsonl"))
        let decision = Decision(
            person: "Ada",
            time: Instant(CivilTime(year: 2020, month: 5, day: 2)),
            outcome: .closed,
            direction: .observationToReview,
            note: "wind of the day"
        )
        try file.append([
            .opened(finding("N-1", LocalizedName(english: "North", chinese: "北"), .co2)),
            .evidence(caseID: "N-1", evidence(3)), .evidence(caseID: "N-1", evidence(9)),
            .decided(caseID: "N-1", decision),
            .opened(finding("P-2", "Plant", .co2)), .opened(finding("M-3", "Mine", .ch4)),
        ])
        return try scene.report()
    }

    @Test func decisionsOfPeopleStandInTheTableOfReasons() throws {
        let report = try report()
        let rows = report.content.findings
        #expect(rows.map(\.subject.english) == ["North", "South", "North (case N-1)", "Plant (case P-2)"])
        #expect(rows[0].state.english == "see case N-1" && rows[1].state.english.hasPrefix("open"))
        #expect(rows[2].state.english == "closed by Ada, 2020-05-02: wind of the day")
        #expect(rows[2].state.chinese == "已办结，Ada，2020-05-02：wind of the day")
        #expect(rows[2].direction == .observationToReview)
        #expect(
            rows[2].evidence.english == "three overpasses; 2 pieces of evidence, 2020-02-03 to 2020-02-09"
        )
        #expect(rows[3].state.english == "open, to be decided by a person")
        #expect(rows[3].inputs == ["cases.jsonl"])
        #expect(report.provenance.inputs.contains { $0.name == "cases.jsonl" })
    }

    /// A case and the table of reasons propose the same side, and nothing is written before the report is.
    @Test func whatTheTableSaysOfTheObservationTurnsBoth() async throws {
        let scene = try CaseScene(
            """
            comparisons: { file: "t.csv", inventory_is_prior: false }, cases: "cases.jsonl", open_cases: true,
            facilities: ["East"]
            """,
            tables: [
                "t.csv": """
                region,unit,inventory,inventory_sigma,prior,prior_sigma,posterior,posterior_sigma,quality
                North,Mt/yr,100,6,100,50,160,8,
                South,Mt/yr,100,6,100,50,160,8,bad
                East,Mt/yr,100,6,100,50,160,8,good

                """
            ]
        )
        let run = VerificationRun(
            definition: try VerificationCase(json5File: scene.path("case.json5")),
            command: "test"
        )
        let outcome = try run.outcome()
        let expected: [ReviewDirection] = [.inventoryToReview, .observationToReview, .observationToReview]
        #expect(outcome.report.content.findings.map(\.direction) == expected + expected)
        #expect(outcome.report.content.findings[0].state.english == "see case north-co2-1")
        #expect(!FileManager.default.fileExists(atPath: scene.path("cases.jsonl")))
        let listed = outcome.report.provenance.inputs.first { $0.name == "cases.jsonl" }
        _ = try await run.write(outcome, to: scene.path("out"))
        let ledger = try ReviewCasesFile(path: scene.path("cases.jsonl")).ledger
        #expect(ledger.cases.map(\.direction) == expected)
        // Named as it stands with the cases of the report, in the table of reasons and in that of the inputs.
        let digest = try SHA256.hexDigest(ofFile: scene.path("cases.jsonl"))
        #expect(listed?.sha256 == digest)
        let reasons = try String(contentsOfFile: scene.path("out") + "/table-T12.csv", encoding: .utf8)
        #expect(reasons.contains("cases.jsonl sha256:\(digest)") && !reasons.contains("sha256:?"))
        #expect(ledger.cases[0].evidence[0].origin?.line == 2)
        #expect(outcome.cases?.summary.head == (try ReviewCasesFile(path: scene.path("cases.jsonl")).head))
        #expect(try run.outcome().cases?.changes.events == [])
        // Somebody else has appended since: neither report nor case is written.
        await #expect(throws: ReviewCasesError.changed(file: scene.path("cases.jsonl"))) {
            _ = try await run.write(outcome, to: scene.path("late"))
        }
        #expect(!FileManager.default.fileExists(atPath: scene.path("late") + "/report-en.html"))
    }

    private static let residualHeader = "facility,time,source,unit,found,found_sigma,declared,declared_sigma"

    /// Three exceedances of North in 2020, of East in 2016; the report is of 2020.
    private func residualScene(_ further: String = "") throws -> CaseScene {
        let rows = ["North,2020", "East,2016"].flatMap { name in
            (1...3).map { day -> String in
                let parts = name.split(separator: ",")
                return "\(parts[0]),\(parts[1])-02-0\(day)T05:00:00Z,CO2M,Mt/yr,25,4,10,3"
            }
        }
        return try CaseScene(
            """
            comparisons: { file: "t.csv", inventory_is_prior: false }, cases: "cases.jsonl", open_cases: true,
            residuals: "r.csv"\(further)
            """,
            tables: [
                "t.csv": """
                region,unit,inventory,inventory_sigma,prior,prior_sigma,posterior,posterior_sigma
                North,Mt/yr,100,6,100,50,160,8

                """,
                "r.csv": ([Self.residualHeader] + rows).joined(separator: "\n") + "\n",
            ]
        )
    }

    private func outcome(_ scene: CaseScene) throws -> VerificationOutcome {
        let definition = try VerificationCase(json5File: scene.path("case.json5"))
        return try VerificationRun(definition: definition, command: "test").outcome()
    }

    @Test func runsOutsideThePeriodAreToldAndOpenNothing() throws {
        let outcome = try outcome(try residualScene())
        #expect(outcome.cases?.changes.opened == ["north-co2-1", "north-co2-2"])
        let told = outcome.report.caveats.map(\.english)
        #expect(
            told.contains {
                $0.contains("3 of 6 observations of facilities in r.csv lie outside")
                    && $0.hasSuffix("nothing is opened for East.")
            },
            "\(told)"
        )
    }

    /// The region and the plant North are two subjects.
    @Test func rowsReferToTheCasesOfTheirKind() throws {
        let rows = try outcome(try residualScene()).report.content.findings
        #expect(rows.prefix(2).map(\.state.english) == ["see case north-co2-1", "see case north-co2-2"])
        #expect(rows[2].evidence.english.hasSuffix("1 piece of evidence, 2020-01-01 to 2020-12-31"))
    }

    @Test func rulesOfTheCaseAreTaken() throws {
        let strict = try outcome(try residualScene(", residual_rules: { overpasses: 4, ewma: '0.1,9' }"))
        #expect(strict.cases?.changes.opened == ["north-co2-1"])
        for (rules, key) in [
            ("{ overpasses: '4/3' }", "overpasses"), ("{ score: -1 }", "score"), ("{ cumsum: 1 }", "cumsum"),
        ] {
            let scene = try residualScene(", residual_rules: \(rules)")
            #expect(throws: ConfigurationError.self) { _ = try outcome(scene) }
            do { _ = try outcome(scene) } catch { #expect("\(error)".contains(key)) }
        }
    }

    /// Three days above, twelve as declared, four above: the latest run is told.
    @Test func facilitiesOverTimeStandInTheirTable() throws {
        let header = "facility,facility_zh,time,source,unit,found,found_sigma,declared,declared_sigma\n"
        let days = [Int](repeating: 25, count: 3) + [Int](repeating: 10, count: 12) + [25, 25, 25, 25]
        let rows = days.enumerated().map { day, found in
            "Kiln,窑炉,2020-03-\(day < 9 ? "0" : "")\(day + 1)T05:00:00Z,CO2M,Mt/yr,\(found),4,10,3\n"
        }
        let scene = try CaseScene(
            #"residuals: "r.csv", cases: "cases.jsonl", open_cases: true"#,
            tables: ["r.csv": header + rows.joined()]
        )
        let report = try scene.report()
        let kiln = try #require(report.content.residuals.first)
        let chart = try #require(kiln.charts.first)
        #expect(kiln.facility.chinese == "窑炉" && kiln.cases == ["kiln-co2-1"] && kiln.charts.count == 1)
        #expect(chart.observations == 19 && abs(chart.meanScore - 21.0 / 19) < 1e-12)
        #expect(chart.lastingDays == 4)
        // 2.5 on each of three days is beyond 5.
        #expect(chart.cumulativeAlarm?.time == Instant(iso8601: "2020-03-03T05:00:00Z"))
        #expect(chart.points.map(\.high).max() == 11.5 && chart.points.allSatisfy { $0.low == 0 })
        #expect(report.tables.first { $0.code == .facilities }?.rows.count == 1)
    }
}
