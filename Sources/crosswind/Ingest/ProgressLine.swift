import Foundation
import Ingest
import Synchronization

/// One line on a terminal that is written over and over; nothing where standard error is no terminal.
final class ProgressLine: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    func show(_ progress: BackFillProgress) {
        let share = String(format: "%.1f", progress.fraction * 100)
        let left = progress.secondsLeft.map { ", \(Int($0.rounded(.up))) s left" } ?? ""
        write(
            """
            file \(progress.file) of \(progress.files): \(progress.rows) rows, \
            \(Int(progress.rowsPerSecond)) rows/s, \(share) %\(left)
            """
        )
    }

    func show(settled: Int) { write("settled \(settled) stretches") }

    /// Leaves the line empty.
    func end() {
        guard isTerminal, last.withLock({ $0 != nil }) else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }

    /// At most ten times a second.
    private func write(_ text: String) {
        guard isTerminal else { return }
        let isDue = last.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last < .milliseconds(100) { return false }
            last = now
            return true
        }
        if isDue { FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8)) }
    }
}
