import Archive
import Formats
import Quantities

/// Frames of loggers that no network file names, and those from TCP that are too broken to tell their logger.
struct HJ212StrayFrames {
    private let format = HJ212Format(HJ212Description())

    var version: String { format.version }

    /// Why each of them cannot be used.
    func rejections(of payload: RawSpan, _ received: Instant) -> [Rejection] {
        do throws(ObservationProblem) {
            let decoded = try format.decode(payload, received: received)
            return decoded.items.enumerated().map { index, item in
                Rejection(problem(of: item), item: decoded.isBatch ? index : nil)
            }
        } catch {
            return [Rejection(error, item: nil)]
        }
    }

    /// What is wrong with a frame goes before whose it is.
    private func problem(of item: DecodedPayload.Item) -> ObservationProblem {
        switch item.content {
        case .success(let observation):
            ObservationProblem(.unknownDevice, "MN=\((observation.device ?? "").prefix(64))")
        case .failure(let problem): problem
        }
    }
}
