import Geo
import NetCDF

extension LinearProblemFile {
    /// `state_longitude` and `state_latitude`, degrees; an element without both is nowhere.
    @NetCDFThread
    static func places(count: Int, of file: borrowing NetCDFFile) throws(NetCDFError) -> [Position?]? {
        let longitudes = try optional("state_longitude", count: count, of: file)
        let latitudes = try optional("state_latitude", count: count, of: file)
        switch (longitudes, latitudes) {
        case (nil, nil): return nil
        case (let longitudes?, let latitudes?):
            var places: [Position?] = []
            for (index, (longitude, latitude)) in zip(longitudes, latitudes).enumerated() {
                guard !longitude.isNaN || !latitude.isNaN else {
                    places.append(nil)
                    continue
                }
                guard let place = Position(longitude: longitude, latitude: latitude) else {
                    let reason = "no place at longitude \(longitude) and latitude \(latitude)"
                    let isLatitude = !(-90...90).contains(latitude)
                    throw NetCDFError(
                        .unexpected(reason),
                        path: file.path,
                        variable: "\(isLatitude ? "state_latitude" : "state_longitude")[\(index)]"
                    )
                }
                places.append(place)
            }
            return places
        case (_, nil): throw missing("state_latitude", besides: "state_longitude", file.path)
        case (nil, _): throw missing("state_longitude", besides: "state_latitude", file.path)
        }
    }

    private static func missing(_ name: String, besides other: String, _ path: String) -> NetCDFError {
        NetCDFError(.absent("needed beside \(other)"), path: path, variable: name)
    }
}
