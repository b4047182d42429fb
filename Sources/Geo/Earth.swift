import Foundation

/// Constants of the Earth that areas and distances are computed with.
public enum Earth {
    /// Radius of the sphere of equal surface area (authalic radius of WGS 84), as EDGAR uses; metres.
    public static let authalicRadiusMetres = 6_371_007.181
    /// IUGG mean radius, metres.
    public static let meanRadiusMetres = 6_371_008.8
}

func cosine(_ radians: Double) -> Double { cos(radians) }
func arcSine(_ value: Double) -> Double { asin(min(1, value)) }
func sin2(_ radians: Double) -> Double { sin(radians) * sin(radians) }
