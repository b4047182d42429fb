import Foundation
import Pipeline
import Quantities

/// Tables and a summary object, printed and written the same way by every use.
struct InventoryResults {
    /// The stem of the text and JSON files.
    let name: String
    let tables: [ReadableTable]
    let text: (Language) -> String
    /// The summary object, told the names of the files that are written with it.
    let json: ([String]) throws -> String
    /// Names of files of the folder that are written otherwise, beside these.
    var further: [String] = []

    /// Writes first, so that what is printed is also kept.
    ///
    /// - Parameter inputs: files that no output may replace.
    func tell(_ output: InventoryOutput, inputs: [String]) throws {
        let files = try output.folder.map { try write(to: $0, inputs: inputs) } ?? []
        if output.isJSON {
            try Terminal.write(json(files), to: .standardOutput)
            return
        }
        try Terminal.write(text(output.language), to: .standardOutput)
        if let folder = output.folder {
            Terminal.note("written to \(folder): \(files.joined(separator: ", "))")
        }
    }

    private func write(to folder: String, inputs: [String]) throws -> [String] {
        let names = tables.map { "\($0.id).csv" } + ["\(name).json", "\(name)-en.txt", "\(name)-zh.txt"]
        let all = names + further
        for name in names { _ = try OutputPath("\(folder)/\(name)", inputs: inputs) }
        let place = try OutputFolder(creating: folder)
        do {
            for table in tables { try place.write(table.csv, to: "\(table.id).csv") }
            try place.write(try json(all) + "\n", to: "\(name).json")
            for language in Language.allCases {
                try place.write(text(language) + "\n", to: "\(name)-\(language.rawValue).txt")
            }
            _ = try place.publish(names)
        } catch {
            place.discard()
            throw error
        }
        return all
    }
}

extension AccountResult {
    /// As the verb tells it.
    var results: InventoryResults {
        let tables = AccountTables(result: self)
        return InventoryResults(
            name: "account",
            tables: tables.all,
            text: { AccountText(tables: tables).text($0) },
            json: { try JSONSummary.text(AccountSummary(self, outputs: $0)) }
        )
    }
}
