import Formats

/// What the host answers to a frame.
enum HJ212Reply {
    /// The answer to a frame whose data are durable; nil where none is wanted, or none can be given because the
    /// frame has no request number.
    ///
    /// Data (commands from 2000 to 3999) are answered with 9014, notifications and heartbeats with 9013
    /// (HJ 212-2017, 6.6 and appendix C). What answers to requests is not answered; we make none.
    static func bytes(to frame: HJ212Frame) -> [UInt8]? {
        guard frame.wantsAnswer, let requestNumber = frame.requestNumber else { return nil }
        let command: Int
        switch frame.command {
        case 2000..<4000: command = 9014
        case 1000..<2000, heartbeat: command = 9013
        default: return nil
        }
        guard frame.version != .hjt2005 else {
            return encoded("ST=91;CN=\(command);CP=&&QN=\(requestNumber);CN=\(frame.command)&&")
        }
        let password = frame.password.map { "PW=\($0);" } ?? ""
        // The version of the request; an answer wants no answer.
        return encoded(
            "QN=\(requestNumber);ST=91;CN=\(command);\(password)MN=\(frame.device);Flag=\(frame.flag & 0xFC);CP=&&&&"
        )
    }

    static let heartbeat = 9015

    /// A frame with these data; nil when they are longer than a frame can be.
    static func encoded(_ data: String) -> [UInt8]? {
        let bytes = Array(data.utf8)
        guard bytes.count <= 9999 else { return nil }
        let length = String(bytes.count)
        let head = "##" + String(repeating: "0", count: 4 - length.count) + length
        return Array(head.utf8) + bytes + HJ212Checksum.digits(of: bytes) + Array("\r\n".utf8)
    }
}
