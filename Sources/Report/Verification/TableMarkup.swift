import Foundation
import Quantities
import Verification

/// A table of the template as markup: numbers aligned by their points, each leading to its row of the CSV.
struct TableMarkup {
    let table: ReportTable
    /// Columns that are drawn; one that says the same unit in every row goes to the caption.
    private let drawn: [Int]
    private let commonUnit: LocalizedName?
    /// The unit of each group where it has one of its own; it goes to the heading of the group.
    private let groupUnits: [LocalizedName: LocalizedName]

    init(_ table: ReportTable) {
        self.table = table
        let units = table.columns.firstIndex { $0.key == "unit" }
        let texts = units.map { column in
            table.rows.map { row -> LocalizedName in
                if case .text(let unit) = row.cells[column] { unit } else { "" }
            }
        }
        let common = texts.flatMap { Set($0).count == 1 ? $0.first : nil }
        commonUnit = common
        groupUnits = common == nil ? Self.groupUnits(table, texts ?? []) : [:]
        let isMoved = common != nil || !groupUnits.isEmpty
        drawn = table.columns.indices.filter { column in
            (!isMoved || column != units) && !Self.repeatsGroup(table, column)
        }
    }

    /// Whether a column says in every row what the heading of the group says.
    private static func repeatsGroup(_ table: ReportTable, _ column: Int) -> Bool {
        table.rows.allSatisfy { row in
            if case .text(let text) = row.cells[column] { text == row.group } else { false }
        }
    }

    /// Empty unless every row is in a group and every group has one unit.
    private static func groupUnits(
        _ table: ReportTable,
        _ units: [LocalizedName]
    ) -> [LocalizedName: LocalizedName] {
        var found: [LocalizedName: LocalizedName] = [:]
        for (row, unit) in zip(table.rows, units) {
            guard let group = row.group, found[group] ?? unit == unit else { return [:] }
            found[group] = unit
        }
        return found
    }

    func markup(_ context: inout ReportContext) -> HTML {
        if let absence = table.absence { return absent(absence, context) }
        let columns = drawn.map { cells($0, &context) }
        var tables: HTML = ""
        var told: Set<Int> = []
        for (place, part) in parts.enumerated() {
            let rows = table.rows.indices.filter { parts.count == 1 || holds(part.dropFirst(), $0) }
            guard !rows.isEmpty else { continue }
            let head = part.map { heading(drawn[$0], context) }
            tables += context.table(
                id: place == 0 ? table.code.label : "\(table.code.label)-part-\(place + 1)",
                caption: caption(part: place, context),
                head: "<thead><tr>\(head)</tr></thead>",
                rows: body(rows, part.map { columns[$0] }, told, context),
                style: "template t-\(table.code)"
            )
            told.formUnion(rows)
        }
        let notes = table.notes.filter { context.isNew($0) }
            .map { note -> HTML in #"<p class="note">\#(context.text(note))</p>"# }
        return "\(tables)\(context.footnote())\(notes)"
    }

    /// Places among the drawn columns: one table, or two where the second would make it too wide.
    private var parts: [[Int]] {
        let all = Array(drawn.indices)
        guard let continuation = table.continuation else { return [all] }
        return [
            all.filter { drawn[$0] < continuation.column },
            all.filter { $0 == 0 || drawn[$0] >= continuation.column },
        ]
    }

    /// Whether there is more than a name and a unit in a row.
    private func holds(_ columns: some Sequence<Int>, _ row: Int) -> Bool {
        columns.contains { column in
            guard table.columns[drawn[column]].key != "unit" else { return false }
            if case .empty = table.rows[row].cells[drawn[column]] { return false }
            return true
        }
    }

    private func heading(_ index: Int, _ context: ReportContext) -> HTML {
        let column = table.columns[index]
        let style: HTML = Self.isText(column.kind) ? "" : #" class="n""#
        let lacking: HTML =
            lacksUncertainty(index) ? "<small>\(context.text(TemplateText.noUncertainty))</small>" : ""
        return #"<th scope="col"\#(style)>\#(context.text(column.title))\#(lacking)</th>"#
    }

    /// - Parameter told: rows that an earlier part has given their ids.
    private func body(
        _ rows: [Int],
        _ columns: [[HTML]],
        _ told: Set<Int>,
        _ context: ReportContext
    ) -> [HTML] {
        var body: [HTML] = []
        var group: LocalizedName?
        for row in rows {
            if let name = table.rows[row].group, name != group {
                let unit = groupUnits[name].map { context.text($0) } ?? "1"
                let text = context.text(name)
                // The group of a table of totals is named after its unit.
                let title = text + (unit == "1" || text.hasSuffix(unit) ? "" : ", \(unit)")
                body.append(
                    #"<tr class="group"><th scope="rowgroup" colspan="\#(columns.count)">\#(title)</th></tr>"#
                )
            }
            group = table.rows[row].group
            let id: HTML = told.contains(row) ? "" : #" id="\#(table.rowID(row))""#
            body.append("<tr\(id)>\(columns.map { $0[row] })</tr>")
        }
        return body
    }

    private func caption(part: Int, _ context: ReportContext) -> HTML {
        let label = "\(context.text(TemplateText.table)) \(table.code.label)"
        let title = part == 0 ? table.code.title : table.continuation?.title ?? table.code.title
        let unit = commonUnit.map { context.text($0) } ?? ""
        let suffix: HTML = unit.isEmpty || unit == "1" ? "" : #", <span class="unit">\#(unit)</span>"#
        let data = context.text(TemplateText.data)
        return """
            <caption><b>\(label)</b>\(context.text(title))\(part == 0 ? suffix : "") \
            <a class="data" href="\(table.fileName)">\(data)</a></caption>
            """
    }

    private func absent(_ reason: LocalizedName, _ context: ReportContext) -> HTML {
        let label = "\(context.text(TemplateText.table)) \(table.code.label)"
        return """
            <p class="absent" id="\(table.code.label)"><b>\(label) \(context.text(table.code.title)).</b> \
            \(context.text(TemplateText.absent)) \(context.text(reason))</p>

            """
    }

    /// Whether no estimate of a column has an uncertainty: said once, in the heading.
    private func lacksUncertainty(_ column: Int) -> Bool {
        table.columns[column].kind == .estimate
            && table.rows.allSatisfy { row in
                if case .estimate(let value) = row.cells[column] {
                    Self.sigmaText(value) == nil
                } else {
                    true
                }
            }
    }

    private static func isText(_ kind: ReportTable.Kind) -> Bool { kind == .text || kind == .verdict }

    // MARK: - Cells

    /// The cells of one column, so that their decimals can be aligned.
    private func cells(_ column: Int, _ context: inout ReportContext) -> [HTML] {
        let cells = table.rows.map { $0.cells[column] }
        switch table.columns[column].kind {
        case .text: return cells.map { textCell($0, isFirst: column == 0, context) }
        case .verdict: return cells.map { verdictCell($0, context) }
        case .estimate: return estimateCells(cells, &context)
        case .interval: return intervalCells(cells, &context)
        case .count, .number, .share: return numberCells(cells, &context)
        }
    }

    private func textCell(_ cell: ReportTable.Cell, isFirst: Bool, _ context: ReportContext) -> HTML {
        guard case .text(let name) = cell else { return "<td></td>" }
        let text = context.text(name)
        if isFirst { return #"<th scope="row">\#(context.phrase(name))</th>"# }
        let isDigest = text.utf8.count == 64 && text.allSatisfy(\.isHexDigit)
        return isDigest ? "<td><code>\(text)</code></td>" : "<td>\(context.phrase(name))</td>"
    }

    private func verdictCell(_ cell: ReportTable.Cell, _ context: ReportContext) -> HTML {
        guard case .verdict(let verdict, let reservation) = cell else { return "<td></td>" }
        let reason: HTML =
            reservation.map { "<small>\(context.text(VerdictMark.reason($0)))</small>" } ?? ""
        let word = context.text(VerdictMark.word(verdict))
        return """
            <td class="v \(verdict.rawValue)"><span>\(VerdictMark.icon(verdict))\(word)</span>\(reason)</td>
            """
    }

    private func numberCells(_ cells: [ReportTable.Cell], _ context: inout ReportContext) -> [HTML] {
        let texts = AlignedNumbers.texts(cells)
        var drawn: [HTML] = []
        for (row, cell) in cells.enumerated() {
            if case .empty = cell {
                drawn.append("<td></td>")
            } else if case .unknown(let reason) = cell {
                drawn.append(unknownCell(reason, context))
            } else {
                let number = context.number(texts[row])
                let padding = AlignedNumbers.padding(texts[row], among: texts)
                drawn.append(#"<td class="n">\#(link(number, row))\#(padding)</td>"#)
            }
        }
        return drawn
    }

    private func estimateCells(_ cells: [ReportTable.Cell], _ context: inout ReportContext) -> [HTML] {
        let estimates = cells.map { if case .estimate(let value) = $0 { value } else { nil as Estimate? } }
        let sigmas = estimates.map { $0.flatMap(Self.sigmaText) }
        if sigmas.allSatisfy({ $0 == nil }) {
            let numbers = zip(estimates, cells).map { value, cell in value.map { .number($0.mean) } ?? cell }
            return numberCells(numbers, &context)
        }
        return estimates.enumerated().map { row, estimate in
            guard let estimate else {
                if case .unknown(let reason) = cells[row] { return unknownCell(reason, context) }
                return "<td></td>"
            }
            guard let sigma = sigmas[row] else {
                let mean = context.number(NumberText.significant(estimate.mean))
                let note = context.text(TemplateText.noUncertainty)
                return #"<td class="n">\#(link(mean, row))<small>\#(note)</small></td>"#
            }
            let places = NumberText.decimals(uncertainty: estimate.standardDeviation)
            let mean = context.number(NumberText.fixed(estimate.mean, decimals: places))
            let padding = AlignedNumbers.padding(sigma, among: sigmas)
            let lower = NumberText.fixed(estimate.lower95, decimals: places) ?? ""
            let upper = NumberText.fixed(estimate.upper95, decimals: places) ?? ""
            return """
                <td class="n">\(link("\(mean) ± \(sigma)", row))\(padding)\
                <small>\(lower) \(context.text(.to)) \(upper)</small></td>
                """
        }
    }

    private func unknownCell(_ reason: LocalizedName, _ context: ReportContext) -> HTML {
        #"<td class="n"><small>\#(context.phrase(reason))</small></td>"#
    }

    /// Decimals follow the width of the interval, as those of an estimate follow its uncertainty.
    private func intervalCells(_ cells: [ReportTable.Cell], _ context: inout ReportContext) -> [HTML] {
        cells.enumerated().map { row, cell in
            guard case .interval(let value, let lower, let upper) = cell else { return "<td></td>" }
            let width = upper - lower
            guard width.isFinite else {
                let number = context.number(NumberText.significant(value))
                return #"<td class="n">\#(link(number, row))</td>"#
            }
            let scale = width > 0 ? width / 4 : abs(value) / 100
            let places = NumberText.decimals(uncertainty: scale)
            let number = context.number(NumberText.fixed(value, decimals: places))
            let ends = [lower, upper].map { NumberText.fixed($0, decimals: places) ?? "" }
            let range: HTML = "<small>\(ends[0]) \(context.text(.to)) \(ends[1])</small>"
            return #"<td class="n">\#(link(number, row))\#(range)</td>"#
        }
    }

    private static func sigmaText(_ estimate: Estimate) -> String? {
        guard estimate.standardDeviation > 0 else { return nil }
        return NumberText.fixed(
            estimate.standardDeviation,
            decimals: NumberText.decimals(uncertainty: estimate.standardDeviation)
        )
    }

    /// A number leads to its line of the file (RFC 7111), which names the inputs.
    private func link(_ number: HTML, _ row: Int) -> HTML {
        #"<a href="\#(table.fileName)#row=\#(table.csvLine(row))">\#(number)</a>"#
    }
}

/// Numbers of one column, printed so that their points stand below each other.
enum AlignedNumbers {
    static func texts(_ cells: [ReportTable.Cell]) -> [String?] {
        let numbers = cells.compactMap { cell -> Double? in
            if case .number(let value) = cell, value.isFinite { value } else { nil }
        }
        let decimals = decimals(numbers)
        let shares = cells.compactMap { cell -> Double? in
            if case .share(let share) = cell { share } else { nil }
        }
        let isFine = shares.contains { abs($0) < 0.0995 && $0 != 0 }
        return cells.map { cell in
            switch cell {
            case .count(let count): HTMLReport.whole(count)
            case .number(let value):
                decimals.map { NumberText.fixed(value, decimals: $0) } ?? NumberText.significant(value)
            case .rounded(let value, let decimals): NumberText.fixed(value, decimals: decimals)
            case .signed(let value, let decimals): NumberText.signed(value, decimals: decimals)
            case .share(let share):
                NumberText.fixed(share * 100, decimals: isFine ? 1 : 0).map {
                    $0 + NumberText.thinSpace + "%"
                }
            default: nil
            }
        }
    }

    /// Decimals that give the lower quartile three digits; nil where the smallest would vanish or the largest would
    /// have more than eight digits.
    static func decimals(_ numbers: [Double]) -> Int? {
        let sizes = numbers.map(abs).filter { $0 > 0 }.sorted()
        guard let smallest = sizes.first, let largest = sizes.last, largest < 1e9 else { return nil }
        if numbers.allSatisfy({ $0 == $0.rounded() }) { return 0 }
        let quartile = sizes[(sizes.count - 1) / 4]
        let places = max(0, 2 - Int(log10(quartile).rounded(.down)))
        let digits = Int(log10(largest).rounded(.down)) + 1 + places
        return places <= 6 && digits <= 8 && smallest * pow(10, Double(places)) >= 0.95 ? places : nil
    }

    /// Unseen digits that push a number with fewer decimals to the left.
    static func padding(_ text: String?, among texts: [String?]) -> HTML {
        // One odd row with many digits does not push the others away.
        let longest =
            texts.compactMap { $0.map(fraction) }.filter { $0.count <= 4 }
            .max { $0.count < $1.count } ?? ""
        let own = text.map(fraction) ?? ""
        let missing = longest.suffix(max(0, longest.count - own.count))
        guard text != nil, !missing.isEmpty else { return "" }
        return #"<span class="pad" aria-hidden="true">\#(own.isEmpty ? longest : String(missing))</span>"#
    }

    /// The point and what follows it, as far as digits go.
    private static func fraction(_ text: String) -> String {
        guard let point = text.firstIndex(of: ".") else { return "" }
        return "." + text[text.index(after: point)...].prefix { $0.isNumber }
    }
}
