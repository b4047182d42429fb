import CSV
import Foundation
import Quantities

/// A CSV file of soundings in memory, as variables that a product resolution understands.
struct SoundingTable {
    private var inventory: FileInventory
    private var texts = FileTexts()
    private var source: WholeVariables
    private let family: ProductFamily

    /// Whether a file begins as a table. False for what is no text, and for files that cannot be read, so that the
    /// netCDF library says why.
    ///
    /// - Throws: ``SatelliteError/refused(path:variable:reason:remedy:)`` for text that is no such table, and for an
    ///   empty file.
    static func isTable(_ path: String) throws(SatelliteError) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        let head: Data?
        do { head = try handle.read(upToCount: 4096) } catch { return false }
        switch TableHead([UInt8](head ?? Data())) {
        case .binary: return false
        case .table: return true
        case .empty:
            throw .refused(
                path: path,
                variable: "",
                reason: "the file is empty",
                remedy: "fetch the file again"
            )
        case .otherText(let reason): throw refused(path, reason)
        }
    }

    private static func refused(_ path: String, _ reason: String) -> SatelliteError {
        .refused(
            path: path,
            variable: "",
            reason: reason,
            remedy: "a table of soundings is UTF-8 with a header line and columns separated by commas"
        )
    }

    init(_ path: String, _ options: SoundingOptions) throws {
        family = .table(options.columns, gas: options.gas)
        inventory = FileInventory(path: path)
        source = WholeVariables(path: path)
        let columns = try Self.read(path, wanted: Self.wanted(family, options))
        for (name, fields) in columns.sorted(by: { $0.key < $1.key }) { add(name, fields) }
    }

    func file(_ options: SoundingOptions) throws -> SoundingFile {
        let resolved = try ProductResolution(inventory, family, options, texts).resolved()
        return SoundingFile(resolved, source, options.fields)
    }

    private static func wanted(_ family: ProductFamily, _ options: SoundingOptions) -> Set<String> {
        var names = Set(options.thresholds.keys)
        for aliases in family.quantities.values { names.formUnion(aliases.map(\.path)) }
        for form in family.times {
            switch form {
            case .numeric(let alias): names.insert(alias.path)
            case .text(let path): names.insert(path)
            case .civil(let parts): names.formUnion(parts)
            case .sinceReference, .identifier: break
            }
        }
        return names
    }

    /// The wanted columns as texts; the others by their names only. Rows that are no CSV count with empty fields.
    private static func read(_ path: String, wanted: Set<String>) throws -> [String: [String]] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SatelliteError.unexpected(path: path, variable: "", reason: "cannot read the file")
        }
        var scanner = CSVScanner()
        scanner.append([UInt8](data).span.bytes)
        scanner.finish()
        guard case .record = scanner.next() else {
            throw refused(path, "the first line is no header")
        }
        let names = (0..<scanner.fieldCount).map { field in
            scanner.text(field).lowercased().filter { !$0.isWhitespace }
        }
        if let twice = names.enumerated().first(where: { names[..<$0.offset].contains($0.element) })?.element
        {
            throw SatelliteError.refused(
                path: path,
                variable: "",
                reason: "two columns are named \(twice)",
                remedy: "name each column once"
            )
        }
        var columns = [[String]](repeating: [], count: names.count)
        while true {
            let step = scanner.next()
            if step == .end || step == .starved { break }
            if step == .record, scanner.fieldCount == 1, scanner.text(0).isEmpty { continue }
            for index in names.indices where wanted.contains(names[index]) {
                columns[index].append(
                    step == .record && index < scanner.fieldCount ? trimmed(scanner.text(index)) : ""
                )
            }
        }
        return Dictionary(uniqueKeysWithValues: zip(names, columns))
    }

    private static func trimmed(_ text: String) -> String {
        let isBlank = { (byte: UInt8?) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard isBlank(text.utf8.first) || isBlank(text.utf8.last) else { return text }
        return text.trimmingCharacters(in: .whitespaces)
    }

    private mutating func add(_ name: String, _ fields: [String]) {
        let isTime = family.times.contains { form in
            if case .text(let path) = form { return path == name }
            return false
        }
        // Without rows too: then it is the header alone that names the time.
        let isText = isTime && (fields.isEmpty || fields.contains { decimal($0) == nil })
        inventory.add(
            name,
            FileInventory.Variable(
                shape: [fields.count],
                units: nil,
                calendar: nil,
                comment: nil,
                isText: isText,
                missing: [],
                invalidValue: nil
            )
        )
        if isText { texts.values[name] = fields }
        let numbers = fields.map { decimal($0) ?? .nan }
        source.add(numbers, as: name)
        source.add(zip(fields, numbers).map { Int64($0) ?? Int64(exactly: $1) ?? -9999 }, as: name)
        source.add(fields.map { UInt64($0) ?? ($0.isEmpty ? 0 : IdentifierText.number($0)) }, as: name)
    }
}
