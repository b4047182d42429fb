import MQTT

/// The answers to frames that came through a broker: for each topic `hj212/{MN}`, to `hj212/{MN}/reply`.
enum HJ212BrokerReplies {
    private static let prefix = Array("hj212/".utf8)

    /// What is to be published once a batch is durable. Frames that cannot be read are not answered, so that the
    /// logger sends them again.
    static func replies(to batch: MessageBatch) -> [Publication] {
        var replies: [Publication] = []
        for index in 0..<batch.count {
            let topic = batch.bytes[batch.topic(index)]
            guard topic.starts(with: prefix) else { continue }
            let name = String(decoding: topic, as: UTF8.self) + "/reply"
            var scanner = HJ212FrameScanner()
            scanner.append(batch.bytes[batch.payload(index)])
            while let element = scanner.giveUp() {
                guard case .frame(let bytes) = element, let frame = try? HJ212Frame(frame: bytes),
                    let reply = HJ212Reply.bytes(to: frame)
                else { continue }
                replies.append(Publication(topic: name, payload: reply))
            }
        }
        return replies
    }
}
