import CHDF5
import Concurrent
import Foundation
import Synchronization

/// The one thread on which libnetcdf and HDF5 are called.
///
/// Neither library is thread-safe, and a lock per call is not enough: concurrent use has been seen to
/// return wrong numbers without an error. A global actor lets the compiler see to it that all calls stay
/// here, and its own thread keeps blocking reads out of the cooperative pool.
@globalActor
public actor NetCDFThread {
    public static let shared = NetCDFThread()
    private nonisolated let executor = ThreadExecutor(name: "netcdf")

    /// Asked for before the first call of either library: HDF5 would otherwise close itself at exit, and
    /// after a damaged file it prints "infinite loop closing library" to standard error then. Every file is
    /// closed by its owner, so that nothing is lost.
    static let closesItself: Bool = H5dont_atexit() >= 0

    /// The thread itself, known from the first file opened on it; for refusing to wait for itself.
    private nonisolated let ownThread = Mutex<pthread_t?>(nil)

    nonisolated var isCurrent: Bool { ownThread.withLock { $0 } == pthread_self() }

    nonisolated func remember() { ownThread.withLock { $0 = pthread_self() } }

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }
}

// A handle made here must not be dropped elsewhere, for dropping it calls the library.
@available(*, unavailable)
extension NetCDFFile: Sendable {}
@available(*, unavailable)
extension NetCDFWriter: Sendable {}
