import Geo
import GeoTIFF

extension MapProjection {
    /// Nil for a projection of no registry that the format has no word for.
    var rasterSystem: GeoTIFFSystem? {
        if let code = Self.code(identifier) { return .registered(code: code, name: name) }
        guard let base = Self.code(baseIdentifier), let words = Self.words[methodCode] else { return nil }
        let known = words.keys.compactMap { key in
            parameters.first { $0.code == key.parameter }
                .map { GeoTIFFProjection.Parameter(key: key.key, value: $0.value) }
        }
        return .spelt(GeoTIFFProjection(baseCode: base, method: words.method, parameters: known), name: name)
    }

    /// Above 32,766 numbers are for private use.
    private static func code(_ identifier: String) -> UInt16? {
        let parts = identifier.split(separator: ":")
        guard parts.count == 2, parts[0] == "EPSG" else { return nil }
        return UInt16(parts[1]).flatMap { $0 > 0 && $0 < 32_767 ? $0 : nil }
    }

    private typealias Words = (method: UInt16, keys: [(parameter: Int, key: UInt16)])

    /// For each method of the EPSG registry its number in the format, and the keys of its parameters.
    private static let words: [Int: Words] = [
        9807: (1, origin + scale + falseOrigin),
        9804: (7, origin + scale + falseOrigin),
        9805: (7, [(8823, 3078), (8802, 3080)] + falseOrigin),
        9801: (9, origin + scale + falseOrigin),
        9802: (8, parallels + [(8821, 3085), (8822, 3084), (8826, 3086), (8827, 3087)]),
        9820: (10, centre + falseOrigin),
        9822: (11, parallels + [(8821, 3081), (8822, 3080), (8826, 3082), (8827, 3083)]),
        1125: (12, centre + falseOrigin),
        9832: (12, centre + falseOrigin),
        9810: (15, [(8801, 3081), (8802, 3095)] + scale + falseOrigin),
        9829: (15, [(8832, 3081), (8833, 3095)] + falseOrigin),
        9809: (16, origin + scale + falseOrigin),
        9840: (21, centre + falseOrigin),
        9835: (28, [(8823, 3078), (8802, 3080)] + falseOrigin),
    ]
    private static let origin: [(parameter: Int, key: UInt16)] = [(8801, 3081), (8802, 3080)]
    private static let centre: [(parameter: Int, key: UInt16)] = [(8801, 3089), (8802, 3088)]
    private static let scale: [(parameter: Int, key: UInt16)] = [(8805, 3092)]
    private static let parallels: [(parameter: Int, key: UInt16)] = [(8823, 3078), (8824, 3079)]
    private static let falseOrigin: [(parameter: Int, key: UInt16)] = [(8806, 3082), (8807, 3083)]
}
