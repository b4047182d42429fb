import Quantities

@testable import Formats

/// A product made in memory after its documented layout, for products of which no real file is at hand.
struct SyntheticProduct {
    private var inventory = FileInventory(path: "synthetic")
    private var source = WholeVariables(path: "synthetic")
    private var texts = FileTexts()

    /// Adds numbers; `shape` is that of a variable with one value for each sounding unless given.
    mutating func add(
        _ path: String,
        _ values: [Double],
        shape: [Int]? = nil,
        units: String? = nil,
        missing: [Double] = [],
        invalid: Double? = nil
    ) {
        inventory.add(
            path,
            FileInventory.Variable(
                shape: shape ?? [values.count],
                units: units,
                calendar: nil,
                comment: nil,
                isText: false,
                missing: missing,
                invalidValue: invalid
            )
        )
        let rows = (shape ?? [values.count]).first ?? 1
        source.add(values.map { missing.contains($0) ? .nan : $0 }, as: path, rows: rows)
        source.add(values.map { Int64(exactly: $0.rounded()) ?? 0 }, as: path, rows: rows)
        source.add(values.map { UInt64(exactly: $0) ?? 0 }, as: path, rows: rows)
    }

    mutating func add(_ path: String, identifiers: [UInt64]) {
        add(path, identifiers.map { _ in 1 })
        source.add(identifiers, as: path, rows: identifiers.count)
    }

    mutating func add(_ path: String, texts values: [String]) {
        inventory.add(
            path,
            FileInventory.Variable(
                shape: [values.count],
                units: nil,
                calendar: nil,
                comment: nil,
                isText: true,
                missing: [],
                invalidValue: nil
            )
        )
        texts.values[path] = values
    }

    mutating func refer(to path: String, _ value: Double) { texts.references[path] = value }

    mutating func name(_ attribute: String, _ text: String) { inventory.attributes[attribute] = text }

    func file(_ options: SoundingOptions = SoundingOptions(), observed: [Int]? = nil) throws -> SoundingFile {
        let family = try ProductCatalogue.family(of: inventory)
        var resolved = try ProductResolution(inventory, family, options, texts).resolved()
        resolved.observedRows = observed
        return SoundingFile(resolved, source, options.fields)
    }
}
