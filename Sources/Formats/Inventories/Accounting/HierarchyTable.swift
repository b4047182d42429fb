public import Inventory
import Quantities

/// Figures of regions and of what they are parts of, from a CSV file, for the comparison of levels.
///
/// Columns: `region`, `value`, `unit` and `source` are required; `parent` (blank at the top), `name_zh`, `year` and
/// `note` may be there. A blank value is a part without a figure. A parent and its parts share one unit.
public enum HierarchyTable {
    private static let columns: [String: [String]] = [
        "region": ["地区", "区域"], "parent": ["上级", "上级地区"], "value": ["数值", "排放量"], "unit": ["单位"],
        "year": ["年份"], "name_zh": ["中文名"], "source": ["来源", "数据来源"], "note": ["备注"],
    ]

    private struct Figure {
        let row: TableRow
        let name: LocalizedName
        let parent: String
        let year: String
        let value: Double?
        let unit: String
    }

    /// One comparison for each parent and year, in the order of the file.
    ///
    /// - Parameter tolerance: relative difference up to which both agree.
    /// - Throws: ``AccountingError`` with line and column.
    public static func read(csvFile file: String, tolerance: Double = 0.05) throws(AccountingError)
        -> [Level]
    {
        let table = try TableRows(
            csvFile: file,
            columns: columns,
            required: ["region", "value", "unit", "source"]
        )
        var figures: [Figure] = []
        for row in table.rows {
            _ = try row.requiredText("source")
            let chinese = row.text("name_zh")
            let figure = Figure(
                row: row,
                name: LocalizedName(
                    english: try row.requiredText("region"),
                    chinese: chinese.isEmpty ? nil : chinese
                ),
                parent: row.text("parent"),
                year: row.text("year"),
                value: try row.signedNumber("value"),
                unit: try row.requiredText("unit")
            )
            try requireNew(figure, among: figures)
            figures.append(figure)
        }
        return try levels(figures, file, tolerance)
    }

    /// A parent beside its parts.
    public struct Level: Codable, Sendable {
        public let year: String
        public let hierarchy: AccountHierarchy
    }

    private static func levels(
        _ figures: [Figure],
        _ file: String,
        _ tolerance: Double
    ) throws(AccountingError) -> [Level] {
        for figure in figures { try requireParent(of: figure, among: figures) }
        try requireNoLoop(figures)
        var levels: [Level] = []
        for parent in figures {
            let parts = figures.filter { $0.parent == parent.name.english && $0.year == parent.year }
            if !parts.isEmpty { levels.append(try level(parent, parts, tolerance)) }
        }
        guard !levels.isEmpty else {
            throw AccountingError(
                .unusable(
                    "no region has a parent",
                    remedy: "name the parent of each part in the column `parent`"
                ),
                at: TablePlace(file: file)
            )
        }
        return levels
    }

    /// A region has one figure and one parent in a year: with two it would be counted twice.
    private static func requireNew(_ figure: Figure, among figures: [Figure]) throws(AccountingError) {
        let name = figure.name.english
        guard let first = figures.first(where: { $0.name.english == name && $0.year == figure.year }) else {
            return
        }
        let line = first.row.place.line.map { ", first in line \($0)" } ?? ""
        if first.parent != figure.parent {
            let parents = [first.parent, figure.parent].map { $0.isEmpty ? "none" : "`\($0)`" }
            throw AccountingError(
                .unusable(
                    "`\(name)` has two parents, \(parents[0]) and \(parents[1])\(line)",
                    remedy: "keep one parent per region and year"
                ),
                at: figure.row.place.at("parent")
            )
        }
        throw AccountingError(
            .unusable("`\(name)` is given twice\(line)", remedy: "keep one figure per region and year"),
            at: figure.row.place.at("region")
        )
    }

    /// Upwards from each region: whoever comes by itself again is part of itself.
    private static func requireNoLoop(_ figures: [Figure]) throws(AccountingError) {
        for year in Set(figures.map(\.year)).sorted() {
            let own = figures.filter { $0.year == year }
            let parents = Dictionary(own.map { ($0.name.english, $0.parent) }) { first, _ in first }
            // Regions from which the top was reached.
            var cleared: Set<String> = []
            for figure in own {
                var path = [figure.name.english]
                while let next = parents[path[path.count - 1]], !next.isEmpty, !cleared.contains(next) {
                    if let start = path.firstIndex(of: next) {
                        throw loop(Array(path[start...]), year, own)
                    }
                    path.append(next)
                }
                cleared.formUnion(path)
            }
        }
    }

    private static func loop(_ members: [String], _ year: String, _ figures: [Figure]) -> AccountingError {
        let names = (members + members.prefix(1)).map { "`\($0)`" }.joined(separator: " in ")
        let first = figures.first { members.contains($0.name.english) }
        let place = first?.row.place ?? TablePlace(file: "")
        return AccountingError(
            .unusable(
                members.count == 1
                    ? "`\(members[0])` is its own parent"
                    : "the regions are parts of each other\(year.isEmpty ? "" : " in \(year)"): \(names)",
                remedy: "leave `parent` blank at the top"
            ),
            at: place.at("parent")
        )
    }

    private static func requireParent(of figure: Figure, among figures: [Figure]) throws(AccountingError) {
        let others = figures.filter { $0.name.english != figure.name.english && $0.year == figure.year }
            .map(\.name.english)
        guard !figure.parent.isEmpty, figure.parent != figure.name.english, !others.contains(figure.parent)
        else { return }
        throw AccountingError(
            .unknownWord(
                figure.parent,
                nearest: nearest(to: figure.parent, among: others),
                known: ["another region of this table and year"]
            ),
            at: figure.row.place.at("parent")
        )
    }

    private static func level(
        _ parent: Figure,
        _ parts: [Figure],
        _ tolerance: Double
    ) throws(AccountingError) -> Level {
        if let other = parts.first(where: { $0.unit != parent.unit }) {
            let problem = "`\(other.unit)` here and `\(parent.unit)` in \(parent.row.place)"
            throw AccountingError(.unusable(problem, remedy: "use one unit"), at: other.row.place.at("unit"))
        }
        guard let value = parent.value else {
            throw AccountingError(.missingValue, at: parent.row.place.at("value"))
        }
        let hierarchy = AccountHierarchy(
            parent: parent.name,
            value: value,
            parts: parts.map { ($0.name.english, $0.value) },
            unit: parent.unit,
            tolerance: tolerance
        )
        return Level(year: parent.year, hierarchy: hierarchy)
    }
}
