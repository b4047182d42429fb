import NetCDF
import Quantities
import Transport

/// Where and when the particles of NAME files were released.
enum NAMEReceptors {
    @NetCDFThread
    static func read(_ file: borrowing NetCDFFile, count: Int) throws(NetCDFError) -> [FootprintReceptor] {
        let times = try file.instants(try file.doubles("time", shape: [count]), of: "time")
        let longitudes = try places("release_lon", file, count)
        let latitudes = try places("release_lat", file, count)
        let (name, inlet) = site(file)
        let heights = try places("release_height", file, count)
        let seconds = averagingSeconds(file, times)
        return times.indices.map { index in
            FootprintReceptor(
                name: name,
                time: times[index],
                averagingSeconds: seconds,
                place: ReceptorPoint.checked(
                    longitude: longitudes?[index],
                    latitude: latitudes?[index],
                    heightMetres: heights?[index] ?? inlet
                )
            )
        }
    }

    @NetCDFThread
    private static func places(
        _ variable: String,
        _ file: borrowing NetCDFFile,
        _ count: Int
    ) throws(NetCDFError) -> [Double]? {
        guard file.hasVariable(variable), try file.shape(of: variable) == [count] else { return nil }
        return try file.doubles(variable)
    }

    /// `site` and `inlet_height`; where they are missing, `TAC-100magl_...` of the file's name.
    @NetCDFThread
    private static func site(_ file: borrowing NetCDFFile) -> (name: String, inlet: Double?) {
        let first =
            FileProvenance.Input.name(ofFile: file.path).split(separator: "_").first.map(String.init) ?? ""
        let parts = first.split(separator: "-", maxSplits: 1).map(String.init)
        let attribute = file.text("site")?.trimmed ?? ""
        let inlet = file.text("inlet_height") ?? (parts.count > 1 ? parts[1] : "")
        return (attribute.isEmpty ? parts.first ?? first : attribute, metres(inlet))
    }

    /// `100magl`, `10m`.
    static func metres(_ text: String) -> Double? {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let unit = text.dropFirst(digits.count)
        return unit == "m" || unit == "magl" || unit == "mAGL" ? Double(digits) : nil
    }

    /// `period` of the time axis (`1.0 hours`), else the step of the times; 0 for a single time without.
    @NetCDFThread
    private static func averagingSeconds(_ file: borrowing NetCDFFile, _ times: [Instant]) -> Double {
        let words = (file.text("period", of: "time") ?? "").split(separator: " ")
        if words.count == 2, let count = Double(words[0]), (0...10_000).contains(count) {
            switch words[1].lowercased() {
            case "hour", "hours", "h": return count * 3600
            case "minute", "minutes", "min": return count * 60
            case "second", "seconds", "s": return count
            case "day", "days": return count * 86_400
            default: break
            }
        }
        guard times.count > 1 else { return 0 }
        return max(0, times[1].seconds(since: times[0]))
    }
}
