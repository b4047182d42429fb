import Formats
import Foundation
import Geo
public import Quantities
import Report

/// A report from tables alone, without an inversion of ours.
public struct VerificationCase: Sendable {
    public let file: String
    public let title: LocalizedName
    /// As evidence names its source: that of the case, else of its file.
    let name: String
    let text: String
    let summary: LocalizedName
    let gas: Gas?
    let period: Period?
    let caveats: [LocalizedName]
    let box: BoundingBox?
    let boundaryCredit: LocalizedName
    let plan: ReportPlan

    static let keys = ["name", "title", "summary", "gas", "period", "map", "caveats", "report"]

    /// - Throws: ``ConfigurationError`` and ``TableError`` naming file and key.
    public init(json5File file: String) throws {
        let root = try ConfigurationObject(json5File: file, known: Self.keys + CaseFile.keys)
        if let key = root.keys.first(where: { !Self.keys.contains($0) }) {
            throw root.error(
                key,
                "belongs to a case with an inversion: `crosswind run CASE.json5` makes its report"
            )
        }
        guard let gas = Gas(rawValue: try root.text("gas")) else {
            let known = Gas.allCases.map(\.rawValue).joined(separator: ", ")
            throw root.error("gas", "unknown gas, known: \(known)")
        }
        self.file = file
        self.gas = gas
        text = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
        title = try root.name("title")
        name = root.has("name") ? try root.text("name") : URL(filePath: file).lastPathComponent
        summary = try root.name("summary")
        period = try CaseFile.period(root)
        caveats = root.has("caveats") ? try CaseFile.caveats(root) : []
        (box, boundaryCredit) = root.has("map") ? try Self.map(root) : (nil, "")
        let report = try root.object("report", known: ReportPlanFile.keys)
        plan = try ReportPlanFile.read(report)
        guard plan.vary.isEmpty else {
            throw report.error(
                "vary",
                "varies an inversion, and the case has none: `crosswind run` solves one"
            )
        }
        guard plan.readsTables else {
            throw root.error(
                "report",
                "names nothing to read: no databases, comparisons, accounting or other table"
            )
        }
    }

    /// A report of one table of totals, named after the file.
    ///
    /// - Parameters:
    ///   - subject: gas and period, which the table does not hold.
    ///   - cases: a history of review cases.
    public init(
        comparisons file: String,
        inventoryIsPrior: Bool,
        subject: (gas: Gas, period: Period)? = nil,
        cases: String? = nil
    ) {
        self.file = file
        name = URL(filePath: file).lastPathComponent
        text = ""
        title = LocalizedName(english: "Verification of \(name)", chinese: "\(name) 核查")
        summary = LocalizedName(
            english: "Totals from the air and declared ones, as given in a table.",
            chinese: "对表中给出的自上而下总量与申报值进行比较。"
        )
        (gas, period) = (subject?.gas, subject?.period)
        caveats = [
            subject == nil
                ? LocalizedName(
                    english: "Gas, period and scope are not in the table: the reader must know them.",
                    chinese: "表中未含气体、时段与口径，须由使用者自行掌握。"
                )
                : LocalizedName(
                    english: "The scope is not in the table: the reader must know it.",
                    chinese: "表中未含口径，须由使用者自行掌握。"
                )
        ]
        box = nil
        boundaryCredit = ""
        var plan = ReportPlan()
        plan.comparisons = .init(file: file, inventoryIsPrior: inventoryIsPrior, credit: "")
        plan.cases = cases
        self.plan = plan
    }

    private static func map(_ root: ConfigurationObject) throws -> (BoundingBox?, LocalizedName) {
        let object = try root.object("map", known: ["box", "boundary_credit"])
        let edges = try object.numbers("box")
        guard edges.count == 4,
            let box = BoundingBox(west: edges[0], south: edges[1], east: edges[2], north: edges[3])
        else { throw object.error("box", "expected [west, south, east, north] in degrees") }
        return (box, try object.name("boundary_credit"))
    }
}
