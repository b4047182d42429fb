import Foundation

/// How much freed memory the C library keeps for what comes next.
///
/// Blocks of megabytes come and go by the hundred: given back to the kernel after each, their pages would be cleared
/// and mapped anew each time (mallopt(3)).
public enum FreedMemory {
    /// - Parameters:
    ///   - spare: bytes that may stay; what is beyond is given back.
    ///   - blocks: size in bytes from which a block is mapped for itself and given back whole; the library takes at
    ///     most 32 MiB.
    ///   - isShared: whether all threads take from one pool. What one thread frees is then what another gets, where
    ///     each would else keep its own; they wait for each other where they ask for memory often. To be called
    ///     before there are other threads.
    public static func keep(_ spare: Int32, blocks: Int32, isShared: Bool = false) {
        typealias Setting = @convention(c) (Int32, Int32) -> Int32
        // The header that declares it is none of those that Swift sees; other C libraries than that of GNU lack it.
        guard let symbol = dlsym(nil, "mallopt") else { return }
        let set = unsafeBitCast(symbol, to: Setting.self)
        let (trimThreshold, mapThreshold, mostPools): (Int32, Int32, Int32) = (-1, -3, -8)
        _ = set(mapThreshold, blocks)
        _ = set(trimThreshold, spare)
        if isShared { _ = set(mostPools, 1) }
    }

    /// For solutions by iteration, whose vectors all threads take and free.
    public static func keepForIterations() { keep(512 << 20, blocks: 32 << 20, isShared: true) }
}
