import Formats
import Foundation
import Geo
import Quantities
import TestSupport
import Transport

/// Trajectories each second of a point receptor, 1000 particles 8 h back over one day of ERA5 in an ARL file: ours,
/// after reading and with it, as a user runs it and with HYSPLIT's columns, mixed layer and steps, on one task and on
/// two; against PYSTILT, which runs HYSPLIT, where `CROSSWIND_STILT_PYTHON` names a python that has it.
struct FootprintRate: Race {
    let name = "footprint-rate"

    private static let particles = 1000
    private static let meteorology = "met/arl/era5_matimba_20210725_00.arl"

    func run() async throws {
        guard let path = Places.shared(Self.meteorology)?.path,
            let noon = Instant(iso8601: "2021-07-25T12:00:00Z")
        else {
            print("no \(Self.meteorology)")
            return
        }
        let place = ReceptorPoint(longitude: 27.2, latitude: -24.2, heightMetres: 20)
        let receptor = Receptor(name: "site", time: noon, points: [place])
        for columns in [GriddedAtmosphere.Columns.similarity, .hysplit] {
            let clock = ContinuousClock()
            let begin = clock.now
            let meteorology = try await MeteorologyFiles.read([path])
            // What STILT does unless told otherwise, as `--scheme stilt`: its sum is then comparable.
            let mixedLayer = columns == .hysplit ? MixedLayerSource.richardson : .meteorology
            let air = try GriddedAtmosphere(meteorology, mixedLayer: mixedLayer, columns: columns)
            let reading = clock.now - begin
            for tasks in [1, 2] { try await ours(receptor, air, columns, tasks, reading) }
        }
        try await stilt(path)
    }

    private func ours(
        _ receptor: Receptor,
        _ air: GriddedAtmosphere,
        _ columns: GriddedAtmosphere.Columns,
        _ tasks: Int,
        _ reading: Duration
    ) async throws {
        var options = columns == .hysplit ? DispersionOptions.stilt : DispersionOptions()
        (options.hours, options.particles) = (8, Self.particles)
        var sum = 0.0
        let time = try await ContinuousClock().measure {
            try await ParticleRun.run(receptors: [receptor], options: options, atmosphere: air, tasks: tasks)
            {
                sum = $0.table.influence.reduce(0, +) / Double(Self.particles)
            }
        }
        let (alone, whole) = (rate(time), rate(time + reading))
        print(
            "crosswind \(columns), \(tasks) tasks: \(alone) trajectories/s, \(whole) with reading; sum \(sum)"
        )
    }

    private func rate(_ time: Duration) -> Int {
        Int((Double(Self.particles) / (time / .seconds(1))).rounded())
    }

    private func stilt(_ path: String) async throws {
        guard let python = ProcessInfo.processInfo.environment["CROSSWIND_STILT_PYTHON"] else {
            print("PYSTILT: set CROSSWIND_STILT_PYTHON to a python that has it")
            return
        }
        let folder = try TemporaryFolder()
        let target = URL(filePath: path).resolvingSymlinksInPath()
        try FileManager.default.copyItem(at: target, to: folder.file("20210725_00"))
        let script = """
            import stilt, sys, time
            met = {"directory": sys.argv[1], "file_format": "%Y%m%d_%H", "file_tres": "24h"}
            site = stilt.PointReceptor(time="2021-07-25 12:00", longitude=27.2, latitude=-24.2, altitude=20)
            begin = time.time()
            rows = stilt.run_trajectories(site, met, n_hours=-8, numpar=\(Self.particles))
            rate = \(Self.particles) / (time.time() - begin)
            print("PYSTILT: %.0f trajectories/s with reading; sum %.4f" % (rate, rows.foot.sum() / \(Self.particles)))
            """
        let folderPath = folder.file("20210725_00").deletingLastPathComponent().path
        let run = try await ProgramRun.run(URL(filePath: python), ["-c", script, folderPath])
        guard run.status == 0 else { throw PeerFailure(output: run.standardError) }
        print(run.standardOutput)
    }
}
