import Foundation
import Synchronization

/// How far a run is, in one line that is written over and over on a terminal; nothing where there is none.
///
/// In a confined child standard error leads to the parent, so that standard output is asked where standard error is no
/// terminal; the line is gone before results are written.
final class StepProgress: Sendable {
    private let terminal: FileHandle?
    private let started = ContinuousClock.now
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    init() {
        terminal =
            isatty(STDERR_FILENO) == 1
            ? .standardError : isatty(STDOUT_FILENO) == 1 ? .standardOutput : nil
    }

    var elapsedSeconds: Double {
        let elapsed = (ContinuousClock.now - started).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }

    /// `receptors: 12 of 500, 3.4 a second, 144 s left`; at most ten times a second.
    func show(_ what: String, done: Int, of count: Int, since start: Double) {
        guard terminal != nil else { return }
        let isDue = last.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last < .milliseconds(100) { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let line = Self.line(what, done: done, of: count, seconds: elapsedSeconds - start)
        terminal?.write(Data("\r\u{1B}[K\(line)".utf8))
    }

    static func line(_ what: String, done: Int, of count: Int, seconds: Double) -> String {
        let head = "\(what): \(done) of \(count)"
        guard done > 0, seconds > 0 else { return head }
        let rate = Double(done) / seconds
        let left = Double(count - done) / rate
        let digits = rate >= 10 ? 0 : rate >= 1 ? 1 : 2
        return head + ", \(Figure.text(rate, digits)) a second, \(Figure.text(left.rounded(.up), 0)) s left"
    }

    /// Leaves the line empty.
    func end() {
        guard last.withLock({ $0 != nil }) else { return }
        terminal?.write(Data("\r\u{1B}[K".utf8))
    }
}
