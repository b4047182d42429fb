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
            if figures.contains(where: { $0.name.english == figure.name.english && $0.year == figure.year }) {
                throw AccountingError(
                    .unusable(
                        "`\(figure.name.english)` is given twice",
                        remedy: "keep one figure per region and year"
                    ),
                    at: row.place.at("region")
                )
            }
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

    private static func requireParent(of figure: Figure, among figures: [Figure]) throws(AccountingError) {
        let others = figures.filter { $0.name.english != figure.name.english && $0.year == figure.year }
            .map(\.name.english)
        guard !figure.parent.isEmpty, !others.contains(figure.parent) else { return }
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
