import Formats
import Foundation
import Quantities
import Transport

/// All particles of a run as a table, written beside its place and renamed when whole.
struct ParticleTableFile {
    private let path: String
    private let partial: String
    private let file: FileHandle

    init(_ path: String) throws {
        self.path = path
        partial = "\(path).partial-\(getpid())"
        guard FileManager.default.createFile(atPath: partial, contents: nil),
            let file = FileHandle(forWritingAtPath: partial)
        else { throw OutputError(path: path, reason: String(cString: strerror(errno))) }
        self.file = file
        try write("receptor,time,particle,minutes,longitude,latitude,height_m,influence\n")
    }

    /// Rows of one receptor; influence is that of the row over the number of particles.
    func add(_ particles: ReceptorParticles) throws {
        let table = particles.table
        let head = "\(csvField(particles.receptor.name)),\(particles.receptor.time),"
        var text = ""
        for row in 0..<table.count {
            text += head
            text += "\(table.particle[row]),\(Self.short(table.minutes[row], 4)),"
            text += "\(Self.short(table.longitude[row], 6)),\(Self.short(table.latitude[row], 6)),"
            text += "\(Self.short(table.heightMetres[row], 2)),\(Float(table.influence[row]))\n"
            if text.utf8.count > 1 << 20 {
                try write(text)
                text = ""
            }
        }
        try write(text)
    }

    func finish() throws {
        do { try file.close() } catch { throw OutputError(path: path, reason: error.localizedDescription) }
        guard rename(partial, path) == 0 else {
            throw OutputError(path: path, reason: String(cString: strerror(errno)))
        }
    }

    private func write(_ text: String) throws {
        do { try file.write(contentsOf: Data(text.utf8)) } catch {
            unlink(partial)
            throw OutputError(path: path, reason: error.localizedDescription)
        }
    }

    private static func short(_ value: Double, _ decimals: Int) -> Double {
        let unit = decimals == 2 ? 100.0 : decimals == 4 ? 10_000 : 1_000_000
        return (value * unit).rounded() / unit
    }
}
