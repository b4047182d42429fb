import Concurrent
import NetCDF
public import Observations
import Quantities

/// One file of soundings, known by its content and not by its name: OCO-2, OCO-3 and ACOS Lite, ACOS L2s and OCO
/// L2Std, GOSAT-2, NIES GOSAT, TanSat, GHG-CCI and C3S, Sentinel-5P CH4 and its blended form, SMARTCARB swaths, CSV.
public struct SoundingFile: Sendable {
    public let path: String
    public let product: SoundingProduct
    /// Soundings in the file, good and bad.
    public let count: Int
    /// A number of soundings that is cheap to read at once.
    public let blockLength: Int
    let resolved: ResolvedProduct
    let reader: RowReader
    let fields: SoundingFields

    /// Opens a file and finds its quantities.
    ///
    /// - Throws: `NetCDFError` for files that are absent or damaged, ``SatelliteError`` for products that are unknown,
    ///   incomplete or on another scale, `ScaleConversionError` where no conversion to the wanted scale is known.
    public static func open(
        _ path: String,
        options: SoundingOptions = SoundingOptions()
    ) async throws -> SoundingFile {
        try await open(path, options, extra: [])
    }

    /// - Parameter extra: quantities that inspection needs and batches do not carry.
    static func open(
        _ path: String,
        _ options: SoundingOptions,
        extra: [Quantity]
    ) async throws -> SoundingFile {
        try FileAccessError.requireRegularFile(path)
        let isTable = try await onOwnThread(named: "soundings") { try SoundingTable.isTable(path) }
        if isTable {
            return try await onOwnThread(named: "soundings") {
                try SoundingTable(path, options).file(options)
            }
        }
        return try await openNetCDF(path, options, extra)
    }

    @NetCDFThread
    private static func openNetCDF(
        _ path: String,
        _ options: SoundingOptions,
        _ extra: [Quantity]
    ) throws -> SoundingFile {
        let file = try NetCDFFile(reading: path)
        let inventory = try FileInventory(file)
        let family = try ProductCatalogue.family(of: inventory)
        let texts = try FileTexts(family, inventory, file)
        var resolved = try ProductResolution(inventory, family, options, texts).resolved()
        resolved.observedRows = try observedRows(resolved, file)
        let needs = resolved.needs(options.fields, extra: extra)
        let source = try ChunkedFile(
            file,
            variables: needs.keys.sorted(),
            dropsLeadingOne: resolved.layout.hasLeadingOne
        )
        return SoundingFile(resolved, source, options.fields)
    }

    init(_ resolved: ResolvedProduct, _ source: any VariableSource, _ fields: SoundingFields) {
        path = resolved.path
        product = resolved.product
        count = resolved.layout.count
        let pixels = max(1, resolved.layout.pixels)
        let isOneBlock = resolved.layout.hasLeadingOne && !source.dropsLeadingOne
        // Whole lines, and whole chunks of them: a chunk that is cut would be decoded for each part.
        let lines = min(source.preferredRows(width: pixels), resolved.layout.lines)
        blockLength = max(1, isOneBlock ? resolved.layout.count : lines * pixels)
        self.resolved = resolved
        self.fields = fields
        reader = RowReader(
            source: source,
            layout: resolved.layout,
            observedRows: resolved.observedRows,
            path: resolved.path
        )
    }

    /// Whether the file gives uncertainties, in one or in parts.
    var hasUncertainty: Bool { resolved.variables[.uncertainty] != nil || !resolved.errorParts.isEmpty }

    /// Whether an uncertainty was assumed for a file that has its own.
    public var ignoresAssumedUncertainty: Bool { resolved.assumedUncertainty != nil && hasUncertainty }

    /// The soundings of these rows that are good, with the others counted by the first reason that applies.
    /// Thread-safe; may block.
    ///
    /// - Parameters:
    ///   - rows: within `0..<count`.
    ///   - fields: no more than the file was opened for; without ``SoundingFields/profiles`` the batch has no levels
    ///     and operators are not checked.
    /// - Throws: `NetCDFError` for damaged data, ``SatelliteError`` for variables of other lengths than declared.
    public func read(_ rows: Range<Int>, fields: SoundingFields) throws -> SoundingBatch {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows outside the file")
        precondition(self.fields.isSuperset(of: fields), "fields the file was not opened for")
        var block = try SoundingBlock(self, rows, fields)
        return try block.batch()
    }

    /// All soundings in one batch.
    public func readAll(fields: SoundingFields? = nil) throws -> SoundingBatch {
        try read(0..<count, fields: fields ?? self.fields)
    }

    /// Places of the retrieved soundings among all that the instrument made, by identifier.
    @NetCDFThread
    private static func observedRows(
        _ resolved: ResolvedProduct,
        _ file: borrowing NetCDFFile
    ) throws -> [Int]? {
        let needsThem = resolved.variables.values.contains {
            if case .observed = $0.spread { return true }
            return false
        }
        guard needsThem, case .variable(let identifier) = resolved.identifier else { return nil }
        var places: [UInt64: Int] = [:]
        for (place, id) in try file.unsignedIntegers("SoundingHeader/sounding_id").enumerated() {
            places[id] = place
        }
        return try file.unsignedIntegers(identifier.path).map { id in
            guard let place = places[id] else {
                let reason = "sounding \(id) is not in SoundingHeader/sounding_id"
                throw SatelliteError.unexpected(path: file.path, variable: identifier.path, reason: reason)
            }
            return place
        }
    }
}

extension FileTexts {
    /// Reads the texts and reference times that a family refers to.
    @NetCDFThread
    init(_ family: ProductFamily, _ inventory: FileInventory, _ file: borrowing NetCDFFile) throws {
        var wanted: [String] = (family.quantities[.identifier] ?? []).map(\.path)
        for clue in family.platform + family.build + family.title {
            if case .textVariable(let path) = clue { wanted.append(path) }
        }
        for form in family.times {
            switch form {
            case .text(let path): wanted.append(path)
            case .sinceReference(let reference, _):
                guard inventory[reference]?.shape.reduce(1, { $0 &* $1 }) == 1 else { continue }
                references[reference] = try file.doubles(reference).first
            case .numeric, .civil, .identifier: continue
            }
        }
        for path in wanted where inventory[path]?.isText == true {
            values[path] = try file.texts(path)
        }
    }
}
