import Foundation
import PROJ
import Quantities
import Testing

@Suite struct ProjectedSystemTests {
    @Test func theLibraryTellsItsVersion() {
        #expect(PROJLibrary.version.split(separator: ".").count == 3)
    }

    /// IOGP Guidance Note 7-2 (2021), the worked examples of Lambert azimuthal equal-area (3.3.1, ETRS89-LAEA) and of
    /// polar stereographic variant B (1.3.6.2, Australian Antarctic).
    @Test(arguments: [
        ("EPSG:3035", 5.0, 50.0, 3_962_799.45, 2_999_718.85),
        ("EPSG:3032", 120.0, -75.0, 7_255_380.79, 7_053_389.56),
    ])
    func publishedExamplesAreMet(
        _ code: String,
        _ longitude: Double,
        _ latitude: Double,
        _ x: Double,
        _ y: Double
    )
        throws
    {
        let transformation = try PlaneTransformation(try ProjectedSystem(code).operation)
        var (eastings, northings) = ([longitude], [latitude])
        transformation.forward(&eastings, &northings)
        #expect(abs(eastings[0] - x) < 0.01 && abs(northings[0] - y) < 0.01)
        transformation.inverse(&eastings, &northings)
        #expect(abs(eastings[0] - longitude) < 1e-7 && abs(northings[0] - latitude) < 1e-7)
    }

    /// Of the transverse Mercator on the equator and its meridian the inverse is known: false easting, and the scale.
    @Test func theMiddleMeridianOfAZoneLiesAtItsFalseEasting() throws {
        let transformation = try PlaneTransformation(try ProjectedSystem("EPSG:32650").operation)
        var (x, y) = ([117.0, 117.0, .nan, 117.0], [0.0, 40.0, 10.0, 91.0])
        transformation.forward(&x, &y)
        #expect(abs(x[0] - 500_000) < 1e-6 && abs(y[0]) < 1e-6 && abs(x[1] - 500_000) < 1e-6)
        // The meridian from the equator to 40 degrees is 4,429,529.030 m long on WGS 84.
        #expect(abs(y[1] / 0.9996 - 4_429_529.030) < 0.01)
        #expect(x[2].isNaN && y[2].isNaN && x[3].isNaN && y[3].isNaN)
    }

    @Test func aSystemSaysWhatItIs() throws {
        let albers = try ProjectedSystem("ESRI:102025")
        #expect(albers.name == "Asia_North_Albers_Equal_Area_Conic" && albers.identifier == "ESRI:102025")
        #expect(albers.methodCode == 9822 && albers.semiMajorAxisMetres == 6_378_137)
        #expect(albers.parameters.first { $0.code == 8823 }?.value == 15)
        #expect(albers.wellKnownText.hasPrefix("PROJCRS[") && !albers.wellKnownText.contains("\n"))
        let own = try ProjectedSystem("+proj=laea +lat_0=35 +lon_0=105 +datum=WGS84 +units=m")
        #expect(own.identifier.isEmpty && own.methodCode == 9820)
        let utm = try ProjectedSystem("EPSG:32650")
        #expect(utm.areaOfUse?.west == 114 && utm.areaOfUse?.east == 120)
        #expect(utm.operation == (try ProjectedSystem("WGS 84 / UTM zone 50N")).operation)
    }

    /// CGCS2000 agrees with WGS 84 within centimetres; the registry has no transformation between the two.
    @Test func theSystemOfChinaNeedsNoTransformation() throws {
        let china = try ProjectedSystem("EPSG:4547")
        let transformation = try PlaneTransformation(china.operation)
        var (x, y) = ([114.0], [30.0])
        transformation.forward(&x, &y)
        #expect(abs(x[0] - 500_000) < 1e-6 && abs(y[0] - 3_320_113.398) < 0.01)
    }

    @Test func whatIsNoPlaneInMetresIsRefused() {
        func error(_ text: String) -> PROJError? {
            do throws(PROJError) {
                _ = try ProjectedSystem(text)
                return nil
            } catch { return error }
        }
        #expect(error("EPSG:9999999") == .unknown("EPSG:9999999", reason: "unknown"))
        #expect(error("EPSG:4326") == .notProjected("EPSG:4326", kind: "a system of longitude and latitude"))
        #expect(error("EPSG:2225")?.what.contains("foot") == true)
        #expect(error("EPSG:27700") == .missingGrid("EPSG:27700", file: "uk_os_OSTN15_NTv2_OSGBtoETRS.tif"))
        let sphere = "+proj=lcc +lat_1=30 +lat_2=60 +lat_0=34 +lon_0=110 +R=6370000"
        #expect(error(sphere) == .unrelatedDatum(sphere))
        #expect(error("") != nil && error("+proj=nonsense") != nil)
    }
}
