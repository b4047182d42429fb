import COpenBLAS
import Foundation

/// How OpenBLAS runs. Results of dense algebra differ in the last bits between thread counts and between
/// kernels, so both are recorded with every result.
public enum BLASConfiguration {
    /// Run once, before the first call: one thread, so that sums do not depend on the machine and task groups
    /// are not oversubscribed.
    private static let pinned: Void = openblas_set_num_threads(1)

    static func ensurePinned() { _ = pinned }

    /// Ends the threads that OpenBLAS starts when it is loaded. They wait for work without sleep for some 30 ms, beside
    /// programs that may be done by then; should they be wanted later, OpenBLAS starts them again.
    ///
    /// To be called where no other thread calls BLAS, as at the start of a program.
    public static func endIdleThreads() {
        // What OpenBLAS itself calls before a fork. Its serial flavour has no such function.
        typealias Shutdown = @convention(c) () -> Int32
        guard let symbol = dlsym(nil, "blas_thread_shutdown_") else { return }
        _ = unsafeBitCast(symbol, to: Shutdown.self)()
    }

    /// Lets OpenBLAS use more than its default of one thread, for one large problem that runs alone.
    ///
    /// - Parameter count: at least one.
    public static func useThreads(_ count: Int) {
        precondition(count >= 1, "at least one thread")
        ensurePinned()
        openblas_set_num_threads(Int32(clamping: count))
    }

    /// Threads that the next call may use.
    public static var threads: Int {
        ensurePinned()
        return Int(openblas_get_num_threads())
    }

    /// The kernels chosen for this processor, such as `Haswell`.
    public static var core: String {
        guard let name = openblas_get_corename() else { return "unknown" }
        return String(cString: name)
    }
}
