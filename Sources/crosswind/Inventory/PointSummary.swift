import Formats
import Foundation
import Geo
import Inventory
import Quantities

/// What became of the points of a catalogue.
struct PointSummary: Sendable {
    let catalogue: String
    let gas: Gas
    let sources: [PointSource]
    let set: RegionSet?
    let regions: PointRegions?
    /// Ids of points whose region was given.
    let overridden: Set<String>
    let reachMetres: Double
    /// Nil where no profiles were given.
    let unresolvedProfiles: [String]?
    let gridName: String?
    let gridded: GriddedPoints?

    var source: String { URL(filePath: catalogue).lastPathComponent }
    var nullIsland: [PointSource] { sources.filter(\.isAtNullIsland) }
    var tonnes: Double { tonnes(sources) }

    func tonnes(_ sources: [PointSource]) -> Double {
        sources.reduce(0) { $0 + ($1.tonnesPerYear[gas] ?? 0) }
    }

    /// By region with all digits, and every point with how it came to its region.
    var tables: [ReadableTable] {
        guard let regions, let set else { return [] }
        var byRegion = regionTable ?? ReadableTable(id: "point-regions", title: "", columns: [], rows: [])
        byRegion.ownCSV = InventoryWork.table(regions, gas: gas, source: "\(source); \(set.credit)")
        var points = ReadableTable(id: "points", title: "", columns: [], rows: [])
        points.ownCSV = pointLines(regions, set)
        return [byRegion, points]
    }

    private func pointLines(_ regions: PointRegions, _ set: RegionSet) -> String {
        var lines = ["id,longitude,latitude,gas,amount,unit,code,region,found_by,distance_m,rival_code"]
        for (source, assignment) in zip(sources, regions.assignments) {
            let region = assignment.region.map { set.regions[$0] }
            var (way, distance, rival) = (overridden.contains(source.id) ? "override" : "inside", "", "")
            switch assignment {
            case .inside: break
            case .nearest(_, let metres, let other):
                (way, distance) = ("nearest", "\(metres)")
                rival = other.map { set.regions[$0].code } ?? ""
            case .unassigned: way = source.isAtNullIsland ? "null_island" : "unassigned"
            }
            let fields = [
                source.id, "\(source.position.longitude)", "\(source.position.latitude)", gas.formula,
                "\(source.tonnesPerYear[gas] ?? 0)", "t/year", region?.code ?? "",
                region?.name.english ?? "", way, distance, rival,
            ]
            lines.append(fields.map(csvField).joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var regionTable: ReadableTable? {
        guard let regions else { return nil }
        let shown = regions.rows.filter { $0.units > 0 }
        let unassigned = LocalizedName(english: "unassigned", chinese: "未分配")
        return ReadableTable(
            id: "point-regions",
            title: LocalizedName(english: "points by region", chinese: "分地区点源"),
            columns: [
                .init("region", "region", "地区"), .init("units", "points", "点源数"),
                .init("amount", "a year", "年排放", isMass: true),
                .init("nearest_units", "by nearest edge", "按最近边界"),
                .init("nearest_amount", "of these", "其排放", isMass: true),
            ],
            rows: shown.map {
                [
                    .name($0.code, $0.name), .exact(Double($0.units)), .mass($0.tonnes, halfWidth: nil),
                    .exact(Double($0.nearestUnits)), .mass($0.nearestTonnes, halfWidth: nil),
                ]
            } + [
                [
                    .name("unassigned", unassigned), .exact(Double(regions.unassigned.count)),
                    .mass(regions.unassignedTonnes, halfWidth: nil), .exact(0), .mass(0, halfWidth: nil),
                ]
            ]
        )
    }

    func text(_ language: Language) -> String {
        let scale = MassScale(largest: tonnes, language: language)
        func mass(_ tonnes: Double) -> String { "\(scale.text(tonnes, halfWidth: nil)) \(scale.unit)" }
        let head = LocalizedName(
            english: "\(sources.count) points of \(source): \(mass(tonnes)) \(gas.formula) a year",
            chinese: "\(source)共\(sources.count)个点源, 年排放\(gas.formula) \(mass(tonnes))"
        )
        var lines = [head[language]]
        if let regionTable { lines.append(regionTable.text(language, scale)) }
        lines += notes.map { $0[language] }
        if let gridded {
            let account = gridded.flux.account
            let text = LocalizedName(
                english: """
                    grid \(gridName ?? ""): \(mass(account.targetTonnes)) in its cells, \
                    \(mass(account.outsideTonnes)) of \(gridded.outside.count + gridded.nullIsland.count) points \
                    beyond it or without a place
                    """,
                chinese: """
                    网格\(gridName ?? ""): 网格内\(mass(account.targetTonnes)), 网格外或无坐标的\
                    \(gridded.outside.count + gridded.nullIsland.count)个点源\(mass(account.outsideTonnes))
                    """
            )
            lines.append(text[language])
        }
        return lines.joined(separator: "\n")
    }

    /// What a reader should see before the figures are used.
    private var notes: [LocalizedName] {
        var notes: [LocalizedName] = []
        if !nullIsland.isEmpty {
            notes.append(
                LocalizedName(
                    english: "At longitude 0, latitude 0, so without a place: \(ids(nullIsland, .english)).",
                    chinese: "坐标为(0, 0), 即无坐标: \(ids(nullIsland, .chinese))。"
                )
            )
        }
        let lost = regions?.unassigned.filter { !$0.isAtNullIsland } ?? []
        if !lost.isEmpty {
            let reach = AmountFigure.exact(reachMetres / 1000)
            notes.append(
                LocalizedName(
                    english: "In no region and \(reach) km or more from every edge: \(ids(lost, .english)).",
                    chinese: "不在任何地区, 且距各边界\(reach)千米以上: \(ids(lost, .chinese))。"
                )
            )
        }
        if let ambiguous = regions?.ambiguous, !ambiguous.isEmpty {
            notes.append(
                LocalizedName(
                    english: "Nearly as near to a second region, to be settled by --overrides: "
                        + "\(ids(ambiguous, .english)).",
                    chinese: "与第二个地区几乎同样近, 可用--overrides确定: \(ids(ambiguous, .chinese))。"
                )
            )
        }
        if let names = unresolvedProfiles {
            let all = LocalizedName(english: "All profiles are there.", chinese: "时间与垂直廓线齐全。")
            let list = names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", ..." : "")
            let some = LocalizedName(
                english: "\(names.count) profiles are not there: \(list).",
                chinese: "缺\(names.count)条廓线: \(list)。"
            )
            notes.append(names.isEmpty ? all : some)
        }
        return notes
    }

    private func ids(_ sources: [PointSource], _ language: Language) -> String {
        let first = sources.prefix(10).map(\.id).joined(separator: ", ")
        guard sources.count > 10 else { return first }
        let rest = sources.count - 10
        return first + (language == .english ? " and \(rest) more" : "等, 另\(rest)个")
    }

    /// For programs; masses in t a year.
    func object(_ outputs: [String]) -> Object { Object(self, outputs) }

    struct Object: Encodable {
        struct Region: Encodable {
            let code: String
            let name: String
            let nameZh: String
            let units: Int
            let tonnes: Double
            let nearestUnits: Int
            let nearestTonnes: Double
        }

        struct Gridding: Encodable {
            let grid: String
            let targetTonnes: Double
            let outsideTonnes: Double
            let outside: [String]
        }

        let catalogue: String
        let gas: Gas
        let units: Int
        let tonnes: Double
        let reachMetres: Double
        let regionsSource: String?
        let regions: [Region]?
        let unassigned: [String]?
        let unassignedTonnes: Double?
        let nullIsland: [String]
        let ambiguous: [String]?
        let unresolvedProfiles: [String]?
        let gridding: Gridding?
        let outputs: [String]
        let software = "crosswind \(Version.current)"

        init(_ summary: PointSummary, _ outputs: [String]) {
            catalogue = summary.source
            gas = summary.gas
            units = summary.sources.count
            tonnes = summary.tonnes
            reachMetres = summary.reachMetres
            regionsSource = summary.set?.credit
            regions = summary.regions?.rows.map {
                Region(
                    code: $0.code,
                    name: $0.name.english,
                    nameZh: $0.name.chinese,
                    units: $0.units,
                    tonnes: $0.tonnes,
                    nearestUnits: $0.nearestUnits,
                    nearestTonnes: $0.nearestTonnes
                )
            }
            unassigned = summary.regions?.unassigned.map(\.id)
            unassignedTonnes = summary.regions?.unassignedTonnes
            nullIsland = summary.nullIsland.map(\.id)
            ambiguous = summary.regions?.ambiguous.map(\.id)
            unresolvedProfiles = summary.unresolvedProfiles
            gridding = summary.gridded.map {
                Gridding(
                    grid: summary.gridName ?? "",
                    targetTonnes: $0.flux.account.targetTonnes,
                    outsideTonnes: $0.flux.account.outsideTonnes,
                    outside: $0.outside.map(\.id)
                )
            }
            self.outputs = outputs
        }
    }
}
