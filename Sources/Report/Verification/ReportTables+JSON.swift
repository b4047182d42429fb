import Foundation
import Quantities

extension VerificationReport {
    /// All tables and figures as one JSON object with sorted keys: rows under the same names as in the CSV files,
    /// null where a number is not finite, and the inputs of each row with their SHA-256.
    public func tablesJSON() throws -> String {
        let digests = ReportTable.digests(provenance)
        let document = TablesDocument(
            title: title,
            software: provenance.software,
            tables: tables.map { TablesDocument.Table($0, digests) },
            figures: figures.map {
                TablesDocument.Figure(
                    code: $0.code.label,
                    title: $0.code.title,
                    numbersIn: $0.code.table.label,
                    absence: $0.absence
                )
            }
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }
}

private struct TablesDocument: Encodable {
    let title: LocalizedName
    let software: String
    let tables: [Table]
    let figures: [Figure]

    struct Figure: Encodable {
        let code: String
        let title: LocalizedName
        let numbersIn: String
        let absence: LocalizedName?
    }

    struct Table: Encodable {
        let code: String
        let title: LocalizedName
        let absence: LocalizedName?
        let columns: [Column]
        let rows: [Row]
        let notes: [LocalizedName]

        init(_ table: ReportTable, _ digests: [String: String]) {
            code = table.code.label
            title = table.code.title
            absence = table.absence
            notes = table.notes
            let fields = table.fieldColumns
            columns = fields.map { Column(key: $0.key, title: $0.title) }
            rows = table.rows.indices.map { row in
                Row(
                    id: table.rowID(row),
                    group: table.rows[row].group,
                    values: Values(fields.map { ($0.key, $0.fields[row]) }),
                    inputs: table.rows[row].inputs.map { Input(name: $0, sha256: digests[$0]) }
                )
            }
        }
    }

    struct Column: Encodable {
        let key: String
        let title: LocalizedName
    }

    struct Row: Encodable {
        let id: String
        let group: LocalizedName?
        let values: Values
        let inputs: [Input]
    }

    struct Input: Encodable {
        let name: String
        let sha256: String?
    }

    /// Fields under their names.
    struct Values: Encodable {
        let fields: [(key: String, field: ReportTable.Field)]

        init(_ fields: [(String, ReportTable.Field)]) { self.fields = fields }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Name.self)
            for (key, field) in fields {
                let name = Name(stringValue: key)
                switch field {
                case .text(let text): try container.encode(text, forKey: name)
                case .number(let value) where value.isFinite: try container.encode(value, forKey: name)
                case .number: try container.encodeNil(forKey: name)
                }
            }
        }
    }

    struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
