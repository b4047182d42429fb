import CSV
import Foundation
import Quantities

/// A CSV file of soundings in memory, as variables that a product resolution understands.
struct SoundingTable {
    private var inventory: FileInventory
    private var texts = FileTexts()
    private var source: WholeVariables
    private let family: ProductFamily

    /// Whether a file begins as text with separators. False for files that cannot be read, so that the netCDF library
    /// says why.
    static func isTable(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        guard let head = try? handle.read(upToCount: 4096), let first = head.first else { return false }
        guard first != 0x89, !head.starts(with: Array("CDF".utf8)), !head.contains(0) else { return false }
        let line = head.prefix { $0 != UInt8(ascii: "\n") }
        return line.count < head.count && line.contains(UInt8(ascii: ","))
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
            throw SatelliteError.unexpected(path: path, variable: "", reason: "no header")
        }
        let names = (0..<scanner.fieldCount).map { field in
            scanner.text(field).lowercased().filter { !$0.isWhitespace }
        }
        guard Set(names).count == names.count else {
            throw SatelliteError.unexpected(path: path, variable: "", reason: "two columns of one name")
        }
        var columns = [[String]](repeating: [], count: names.count)
        while true {
            let step = scanner.next()
            if step == .end || step == .starved { break }
            if step == .record, scanner.fieldCount == 1, scanner.text(0).isEmpty { continue }
            for index in names.indices where wanted.contains(names[index]) {
                columns[index].append(
                    step == .record && index < scanner.fieldCount ? scanner.text(index) : ""
                )
            }
        }
        return Dictionary(uniqueKeysWithValues: zip(names, columns))
    }

    private mutating func add(_ name: String, _ fields: [String]) {
        let isTime = family.times.contains { form in
            if case .text(let path) = form { return path == name }
            return false
        }
        let isText = isTime && fields.contains { Double($0) == nil }
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
        source.add(fields.map { Double($0) ?? .nan }, as: name)
        source.add(fields.map { Int64($0) ?? -9999 }, as: name)
        source.add(fields.map { UInt64($0) ?? ($0.isEmpty ? 0 : IdentifierText.number($0)) }, as: name)
    }
}
