import Observations

extension BiasSums {
    /// Which comparisons the soundings do not allow, and why, one sentence each.
    func obstacles(footprints: [BiasFinding]) -> [String] {
        var obstacles: [String] = []
        if footprints.isEmpty {
            obstacles.append("footprints: not compared, no frame holds two soundings with footprint numbers")
        }
        if let obstacle = surfaceObstacle { obstacles.append("land minus water: \(obstacle)") }
        if let obstacle = modeObstacle { obstacles.append("modes: \(obstacle)") }
        if comparedSwaths == 0 {
            obstacles.append(
                "swaths: not compared, no two lie within \(whole(settings.neighbourKilometres)) km of each other "
                    + "within \(whole(settings.sceneSeconds / 60)) minutes with "
                    + "\(settings.fewestNeighbours) soundings each"
            )
        }
        return obstacles
    }

    private var surfaceObstacle: String? {
        let land = surfaceCounts[Int(SurfaceKind.land.rawValue)]
        let water = surfaceCounts[Int(SurfaceKind.water.rawValue)]
        if coasts.cells >= CellContrast.fewestCells { return nil }
        if coasts.cells > 0 {
            return "no standard error, \(counted(coasts.cells, "cell")) with both on one day and "
                + "\(CellContrast.fewestCells) needed"
        }
        switch (land > 0, water > 0) {
        case (false, false): return "not compared, the product does not tell land from water"
        case (true, false): return "not compared, no sounding is over water"
        case (false, true): return "not compared, no sounding is over land"
        case (true, true):
            return "not compared, no cell of \(settings.coastDegrees) degrees holds both on one day"
        }
    }

    private var modeObstacle: String? {
        let seen = seenModes
        guard let base = seen.first else { return "not compared, the product does not tell modes" }
        guard seen.count > 1 else { return "not compared, all soundings are in one, \(base)" }
        let apart = seen.dropFirst().filter { mode in
            modes.contrast(Int(mode.rawValue), minus: Int(base.rawValue)).cells == 0
        }
        guard !apart.isEmpty else { return nil }
        let names = apart.map { "\($0)" }.joined(separator: ", ")
        return
            "\(names) not compared with \(base), no cell of \(whole(settings.modeDegrees)) degrees holds both in "
            + "one month"
    }

    /// In the order of their codes; the first is what the others are compared with.
    var seenModes: [ObservationMode] {
        let all: [ObservationMode] = [.nadir, .glint, .target, .areaMap]
        return all.filter { modes.holds(Int($0.rawValue)) }
    }

    private func whole(_ number: Double) -> String {
        Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }
}
