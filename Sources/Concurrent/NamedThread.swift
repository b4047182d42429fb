import Foundation

/// Starts a thread that carries its name from its first step.
///
/// Foundation stores the handle of a new thread after `start()`; a thread that names itself before that can
/// rename its parent. The body therefore waits until `start()` has returned.
public func startThread(
    named name: String,
    stackBytes: Int = 8 << 20,
    _ body: @escaping @Sendable () -> Void
) {
    let isStarted = DispatchSemaphore(value: 0)
    let thread = Thread { @Sendable in
        isStarted.wait()
        Thread.current.name = name
        body()
    }
    thread.stackSize = stackBytes
    thread.start()
    isStarted.signal()
}
