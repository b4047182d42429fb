import Foundation

/// Writes small ARL packed files with fields of one value each.
struct ARLSample {
    var columns = 14
    var rows = 11
    var vertical = 2
    /// The numbers of the index: pole, reference, spacing, orientation, cone, known place, offset.
    var numbers: [Double] = [12, 8, 1, 1, 0, 0, 0, 1, 1, 2, -5, 0]
    var hours = [0, 6]
    var day = 25
    /// Of each level its value and its fields.
    var levels: [(value: Double, fields: [(name: String, value: Double)])] = [
        (0, [("PRSS", 1000), ("T02M", 288), ("SHGT", 100)]),
        (950, [("HGTS", 550), ("TEMP", 285), ("UWND", 5), ("VWND", -3), ("WWND", 0.01), ("SPHU", 0.005)]),
        (900, [("HGTS", 1010), ("TEMP", 281), ("UWND", 7), ("VWND", -4), ("WWND", 0.02), ("SPHU", 0.004)]),
        (500, [("HGTS", 5600), ("TEMP", 255), ("UWND", 20), ("VWND", 0)]),
    ]

    private var cells: Int { columns * rows }

    var bytes: [UInt8] { hours.flatMap { self.time($0) } }

    private func time(_ hour: Int) -> [UInt8] {
        var listing = ""
        for level in levels {
            listing += padded(String(format: "%.5f", level.value), 6)
            listing += padded("\(level.fields.count)", 2)
            for field in level.fields { listing += field.name + padded("\(checksum)", 3) + " " }
        }
        let size = padded("\(columns % 1000)", 3) + padded("\(rows % 1000)", 3) + padded("\(levels.count)", 3)
        var index = "TEST" + "  0" + " 0"
        for number in numbers { index += padded(String(format: "%.5f", number), 7) }
        index += size + padded("\(vertical)", 2) + padded("\(108 + listing.utf8.count)", 4) + listing
        var bytes: [UInt8] = []
        let text = Array(index.utf8)
        for start in stride(from: 0, to: text.count, by: cells) {
            let part = text[start..<min(start + cells, text.count)]
            bytes += label(hour, 0, "INDX", 0) + part + [UInt8](repeating: 32, count: cells - part.count)
        }
        for (number, level) in levels.enumerated() {
            for field in level.fields {
                bytes += label(hour, number, field.name, field.value) + [UInt8](repeating: 127, count: cells)
            }
        }
        return bytes
    }

    /// Of cells that all hold 127.
    private var checksum: Int { (127 * cells - 1) % 255 + 1 }

    private func label(_ hour: Int, _ level: Int, _ name: String, _ value: Double) -> [UInt8] {
        let grid = [columns, rows].map { $0 < 1000 ? "9" : String(UnicodeScalar(UInt8(64 + $0 / 1000))) }
            .joined()
        let time = "21 7" + padded("\(day)", 2) + padded("\(hour)", 2) + " 0" + padded("\(level)", 2)
        let values = "   0" + String(format: "%14.7E", 0.0) + String(format: "%14.7E", value)
        return Array((time + grid + name + values).utf8)
    }

    private func padded(_ text: String, _ width: Int) -> String {
        let cut = String(text.prefix(width))
        return String(repeating: " ", count: width - cut.count) + cut
    }
}
