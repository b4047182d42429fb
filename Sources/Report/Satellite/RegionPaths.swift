import Geo

/// The outlines of regions as SVG path data in the pixels of a map.
struct RegionPaths {
    let path: String

    init(_ fractions: RegionFractions, in frame: MapFrame) {
        path = RingPaths(fractions.outlines, isProjected: fractions.grid.projected != nil, in: frame).path
    }
}
