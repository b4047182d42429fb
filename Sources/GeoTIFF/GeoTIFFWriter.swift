import CGeoTIFF
import Foundation
import Quantities

/// Where a picture lies and what its bands are.
public struct GeoTIFFLayout: Equatable, Sendable {
    /// One band of the picture.
    public struct Band: Equatable, Sendable {
        public let description: String
        public let unit: String

        public init(description: String, unit: String) {
            self.description = description
            self.unit = unit
        }
    }

    public let columns: Int
    public let rows: Int
    /// Western and northern edges, degrees, or the least easting and the greatest northing, metres.
    public let west: Double
    public let north: Double
    /// Sizes of a cell, degrees or metres.
    public let longitudeStep: Double
    public let latitudeStep: Double
    public let system: GeoTIFFSystem
    public let bands: [Band]

    public init(
        columns: Int,
        rows: Int,
        west: Double,
        north: Double,
        longitudeStep: Double,
        latitudeStep: Double,
        system: GeoTIFFSystem = .longitudeLatitude,
        bands: [Band]
    ) {
        self.columns = columns
        self.rows = rows
        self.west = west
        self.north = north
        self.longitudeStep = longitudeStep
        self.latitudeStep = latitudeStep
        self.system = system
        self.bands = bands
    }

    /// Rows of a strip: about a quarter of a megabyte, as many as the picture has at most.
    public var stripRows: Int { min(rows, max(1, 65_536 / max(1, columns))) }
    public var stripCount: Int { (rows + stripRows - 1) / stripRows }

    /// Rows of the picture that a strip holds, from the north.
    public func rows(ofStrip strip: Int) -> Range<Int> {
        (strip * stripRows)..<min(rows, (strip + 1) * stripRows)
    }

    /// Names and units of the bands as GDAL reads them.
    var metadata: String {
        let items = bands.enumerated().map { index, band in
            """
              <Item name="DESCRIPTION" sample="\(index)" role="description">\(escaped(band.description))</Item>
              <Item name="UNITTYPE" sample="\(index)" role="unittype">\(escaped(band.unit))</Item>
            """
        }
        return "<GDALMetadata>\n\(items.joined(separator: "\n"))\n</GDALMetadata>\n"
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}

/// A GeoTIFF of 32-bit floats on longitude and latitude (EPSG:4326) or in a map projection, NaN where there is no
/// value, deflated; written beside its final place and renamed into it by ``commit()``. The same values give the same
/// bytes.
///
/// Every call blocks; call from a thread of your own.
public struct GeoTIFFWriter: ~Copyable {
    public let path: String
    public let layout: GeoTIFFLayout
    private let partialPath: String
    private let file: OpaquePointer
    private var isOpen = true

    /// - Throws: ``GeoTIFFError`` when the folder cannot be written or the picture is larger than the format allows.
    public init(replacing path: String, layout: GeoTIFFLayout) throws(GeoTIFFError) {
        let target = try Self.regularPath(path, layout)
        let partial = target + ".partial-\(getpid())"
        let file = try Self.create(partial, layout, target: target)
        self.path = target
        self.layout = layout
        self.file = file
        partialPath = partial
    }

    deinit {
        guard isOpen else { return }
        cgeotiff_abandon(file)
        unlink(partialPath)
    }

    private static func regularPath(_ path: String, _ layout: GeoTIFFLayout) throws(GeoTIFFError) -> String {
        guard (1...Int(Int32.max)).contains(layout.columns), (1...Int(Int32.max)).contains(layout.rows),
            (1...Int(UInt16.max)).contains(layout.bands.count)
        else { throw GeoTIFFError(path: path, reason: "too many columns, rows or bands for the format") }
        do { return try OutputPath(path).path } catch { throw GeoTIFFError(path: path, reason: error.what) }
    }

    private static func create(
        _ partial: String,
        _ layout: GeoTIFFLayout,
        target: String
    ) throws(GeoTIFFError) -> OpaquePointer {
        var reason = [CChar](repeating: 0, count: 200)
        var (keys, values) = ([UInt16](), [Double]())
        if case .spelt(let projection, _) = layout.system {
            keys = projection.parameters.map { $0.key }
            values = projection.parameters.map { $0.value }
        }
        let file = withTexts(layout) { metadata, noData, software, citation in
            var plan = CGeoTIFFLayout()
            plan.columns = UInt32(layout.columns)
            plan.rows = UInt32(layout.rows)
            plan.bands = UInt16(layout.bands.count)
            plan.stripRows = UInt32(layout.stripRows)
            plan.west = layout.west
            plan.north = layout.north
            plan.columnStep = layout.longitudeStep
            plan.rowStep = layout.latitudeStep
            plan.isProjected = layout.system == .longitudeLatitude ? 0 : 1
            if case .registered(let code, _) = layout.system { plan.code = code }
            if case .spelt(let projection, _) = layout.system {
                (plan.baseCode, plan.method) = (projection.baseCode, projection.method)
                plan.parameterCount = UInt16(clamping: keys.count)
            }
            (plan.metadata, plan.noData, plan.software, plan.citation) = (
                metadata, noData, software, citation
            )
            return keys.withUnsafeBufferPointer { keys in
                values.withUnsafeBufferPointer { values in
                    (plan.keys, plan.values) = (keys.baseAddress, values.baseAddress)
                    return cgeotiff_create(partial, &plan, &reason, Int32(reason.count))
                }
            }
        }
        guard let file else {
            unlink(partial)
            throw GeoTIFFError(path: target, reason: text(reason).replacing(partial, with: target))
        }
        return file
    }

    private typealias Text = UnsafePointer<CChar>

    private static func withTexts(
        _ layout: GeoTIFFLayout,
        _ body: (Text, Text, Text, Text) -> OpaquePointer?
    ) -> OpaquePointer? {
        layout.metadata.withCString { metadata in
            "nan".withCString { noData in
                "crosswind \(Version.current)".withCString { software in
                    layout.system.name.withCString { body(metadata, noData, software, $0) }
                }
            }
        }
    }

    private static func text(_ reason: [CChar]) -> String {
        let bytes = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? "cannot write the file" : String(decoding: bytes, as: UTF8.self)
    }

    /// Writes one strip of one band, row-major from the north.
    ///
    /// - Precondition: one value for each cell of the strip.
    public func write(_ values: [Float], band: Int, strip: Int) throws(GeoTIFFError) {
        let rows = layout.rows(ofStrip: strip).count
        precondition(values.count == rows * layout.columns, "values do not fit the strip")
        precondition(layout.bands.indices.contains(band), "no such band")
        guard cgeotiff_write(file, UInt16(band), UInt32(strip), values, UInt32(rows)) == 0 else {
            throw GeoTIFFError(path: path, reason: "cannot write a strip")
        }
    }

    /// Closes the file, makes it durable and puts it in its place.
    public mutating func commit() throws(GeoTIFFError) {
        isOpen = false
        var reason = [CChar](repeating: 0, count: 200)
        guard cgeotiff_finish(file, &reason, Int32(reason.count)) == 0 else {
            unlink(partialPath)
            throw GeoTIFFError(path: path, reason: Self.text(reason))
        }
        let descriptor = open(partialPath, O_RDONLY)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
        guard rename(partialPath, path) == 0 else {
            let cause = String(cString: strerror(errno))
            unlink(partialPath)
            throw GeoTIFFError(path: path, reason: cause)
        }
    }
}
