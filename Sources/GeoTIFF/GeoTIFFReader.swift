import CGeoTIFF
import Foundation
import Quantities

/// A GeoTIFF opened for reading.
///
/// Every call blocks; call from a thread of your own. One value is used by one thread at a time.
public struct GeoTIFFReader: ~Copyable {
    public let path: String
    public let columns: Int
    public let rows: Int
    public let bands: Int
    /// The upper left corner and the sizes of a cell, degrees where ``isGeographic``, else metres.
    public let west: Double
    public let north: Double
    public let columnStep: Double
    public let rowStep: Double
    public let isGeographic: Bool
    /// Of the system in the EPSG registry; nil where the file names none.
    public let epsgCode: Int?
    /// The value that stands for none.
    public let noData: Double?
    private let file: OpaquePointer

    /// - Throws: ``GeoTIFFError`` for a file that is none, says not where it lies or holds values that are not numbers.
    public init(reading path: String) throws(GeoTIFFError) {
        var shape = CGeoTIFFShape()
        var reason = [CChar](repeating: 0, count: 200)
        guard let file = cgeotiff_open(path, &shape, &reason, Int32(reason.count)) else {
            throw GeoTIFFError(path: path, reading: Self.text(reason))
        }
        self.path = path
        self.file = file
        (columns, rows, bands) = (Int(shape.columns), Int(shape.rows), Int(shape.bands))
        (west, north) = (shape.west, shape.north)
        (columnStep, rowStep) = (shape.columnStep, shape.rowStep)
        isGeographic = shape.isGeographic != 0
        epsgCode = shape.code == 0 || shape.code == 32_767 ? nil : Int(shape.code)
        noData = shape.hasNoData == 0 ? nil : shape.noData
    }

    deinit { cgeotiff_close(file) }

    private static func text(_ reason: [CChar]) -> String {
        let bytes = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? "cannot read the file" : String(decoding: bytes, as: UTF8.self)
    }

    /// Values of a row, from the north and counted from 0; NaN where there is none. Rows are best read in order.
    public func row(_ row: Int, band: Int = 0) throws(GeoTIFFError) -> [Double] {
        precondition((0..<rows).contains(row) && (0..<bands).contains(band), "no such row or band")
        var reason = [CChar](repeating: 0, count: 200)
        var status: Int32 = 0
        let missing = noData
        let values = [Double](unsafeUninitializedCapacity: columns) { buffer, count in
            status = cgeotiff_read(
                file,
                UInt16(band),
                UInt32(row),
                buffer.baseAddress,
                &reason,
                Int32(reason.count)
            )
            count = status == 0 ? columns : 0
        }
        guard status == 0 else {
            throw GeoTIFFError(path: path, reading: "row \(row + 1): \(Self.text(reason))")
        }
        guard let missing else { return values }
        // A marker of single precision may be written with fewer digits than it has.
        return values.map { $0 == missing || Float($0) == Float(missing) ? .nan : $0 }
    }
}
