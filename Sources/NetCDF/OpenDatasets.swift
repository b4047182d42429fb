import CNetCDF
import Foundation
import Synchronization

/// A file as it lies on the disk, whatever its name.
private struct FileIdentity: Hashable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}

/// The datasets that are open for reading, each once: HDF5 1.10 has been seen to crash in a file that was opened twice,
/// after one of the two was closed. Files are opened and dropped on the ``NetCDFThread`` alone; the lock is for the
/// compiler, which cannot see that of what is dropped.
private let datasets = Mutex<[FileIdentity: (id: Int32, owners: Int)]>([:])

extension NetCDFThread {
    /// The dataset of a file, shared with those who have it open already.
    static func open(_ path: String) throws(NetCDFError) -> Int32 {
        let identity = FileIdentity(path)
        let known = datasets.withLock { open -> Int32? in
            guard let identity, let known = open[identity] else { return nil }
            open[identity] = (known.id, known.owners + 1)
            return known.id
        }
        if let known { return known }
        var id: Int32 = -1
        let code = nc_open(path, NC_NOWRITE, &id)
        guard code == NC_NOERR else { throw NetCDFError(code: code, path: path) }
        let opened = id
        if let identity { datasets.withLock { $0[identity] = (opened, 1) } }
        return opened
    }

    /// Lets go of a dataset; the last who does closes it.
    static func close(_ id: Int32) {
        let isLast = datasets.withLock { open in
            guard let (identity, known) = open.first(where: { $0.value.id == id }) else { return true }
            open[identity] = known.owners > 1 ? (id, known.owners - 1) : nil
            return known.owners == 1
        }
        if isLast { nc_close(id) }
    }
}
