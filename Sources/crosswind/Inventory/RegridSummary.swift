import Formats
import Foundation
import Geo
import Inventory
import Quantities

/// What became of the emission, for programs and for people.
struct RegridSummary: Encodable {
    struct Period: Encodable {
        let start: Instant
        let end: Instant
        let sourceTonnes: Double
        let insideTonnes: Double
        let outsideTonnes: Double
        let targetTonnes: Double
        let relativeResidual: Double
    }

    let product: String
    let layout: FluxProduct.Layout
    let gas: Gas
    let grid: String
    let rows: Int
    let columns: Int
    let conversion: FluxConversion
    let periods: [Period]
    /// Cells of the target that the source does not hold.
    let cellsBeyondSource: Int
    let missingCells: Int
    let file: String
    var outputs: [String] = []
    let software = "crosswind \(Version.current)"
    private let gridNames: LocalizedName

    enum CodingKeys: String, CodingKey {
        case product, layout, gas, grid, rows, columns, conversion, periods, cellsBeyondSource, missingCells
        case file, outputs, software
    }

    init(
        _ product: FluxProduct,
        _ regridded: [RegriddedFlux],
        choice: GridChoice,
        beyond: CellsBeyond,
        file: String
    ) {
        self.product = product.fields[0].source
        layout = product.layout
        gas = product.fields[0].gas
        grid = choice.name
        gridNames = LocalizedName(english: choice.name, chinese: choice.nameChinese)
        (rows, columns) = (choice.grid.rows, choice.grid.columns)
        conversion = product.conversion
        periods = regridded.map { flux in
            // What is no more than the rounding of areas is not beyond the grid.
            let outside = flux.account.outsideTonnes
            let isRounding = abs(outside) <= 1e-12 * abs(flux.account.sourceTonnes)
            let outsideTonnes = isRounding ? 0 : outside
            return Period(
                start: flux.period.start,
                end: flux.period.end,
                sourceTonnes: flux.account.sourceTonnes,
                insideTonnes: flux.account.sourceTonnes - outsideTonnes,
                outsideTonnes: outsideTonnes,
                targetTonnes: flux.account.targetTonnes,
                relativeResidual: flux.account.relativeResidual
            )
        }
        cellsBeyondSource = beyond.cells
        missingCells = product.missingCells
        self.file = file
    }

    func naming(_ outputs: [String]) -> RegridSummary {
        var copy = self
        copy.outputs = outputs
        return copy
    }

    var table: ReadableTable {
        ReadableTable(
            id: "regrid",
            title: LocalizedName(english: "account of the regridding", chinese: "重网格收支"),
            columns: [
                .init("start", "from", "起"), .init("end", "to", "止"),
                .init("source", "source", "源网格", isMass: true),
                .init("outside", "outside", "目标外", isMass: true),
                .init("inside", "inside", "目标内", isMass: true),
                .init("target", "on the grid", "目标网格", isMass: true),
                .init("relative_residual", "residual / source", "残差/源"),
            ],
            rows: periods.map { period in
                [
                    .text("\(period.start)"), .text("\(period.end)"),
                    .mass(period.sourceTonnes, halfWidth: nil), .mass(period.outsideTonnes, halfWidth: nil),
                    .mass(period.insideTonnes, halfWidth: nil), .mass(period.targetTonnes, halfWidth: nil),
                    .number(period.relativeResidual),
                ]
            },
            notes: notes
        )
    }

    private var notes: [LocalizedName] {
        var notes: [LocalizedName] = conversion.skipped.map {
            LocalizedName(english: "Left out: \($0).", chinese: "未计入: \($0)。")
        }
        if missingCells > 0 {
            notes.append(
                LocalizedName(
                    english: "\(missingCells) cells of the source without a value count as no flux.",
                    chinese: "源网格\(missingCells)格无值, 按无通量计。"
                )
            )
        }
        if cellsBeyondSource > 0 {
            notes.append(
                LocalizedName(
                    english:
                        "\(cellsBeyondSource) of \(rows * columns) cells lie beyond the source and are zero there.",
                    chinese: "目标网格\(rows * columns)格中有\(cellsBeyondSource)格在源网格之外, 其值为零。"
                )
            )
        }
        return notes
    }

    func text(_ language: Language) -> String {
        let largest = periods.map { abs($0.sourceTonnes) }.max() ?? 0
        let carbon = conversion.carbonRatio.map { ", C x \($0.rawValue)" } ?? ""
        let head = LocalizedName(
            english: """
                \(gas.formula) of \(product) (\(layout.rawValue)), \(conversion.unit)\(carbon) to kg m-2 s-1
                grid \(gridNames.english): \(rows) x \(columns) cells
                """,
            chinese: """
                \(product)的\(gas.formula) (\(layout.rawValue)), \(conversion.unit)\(carbon), 换算为kg m-2 s-1
                网格\(gridNames.chinese): \(rows) x \(columns)格
                """
        )
        let written = LocalizedName(english: "written to \(file)", chinese: "已写入\(file)")
        return [head[language], table.text(language, MassScale(largest: largest, language: language))]
            .joined(separator: "\n") + "\n" + written[language]
    }
}
