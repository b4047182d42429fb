import Concurrent
public import Foundation

/// A Mosquitto of our own on a free loopback port; it ends with the value.
public final class PrivateBroker: Sendable {
    public let port: Int
    public var url: String { "mqtt://127.0.0.1:\(port)" }
    private let folder: TemporaryFolder
    private let process: Process

    /// The program, or nil where Mosquitto is not installed.
    public static let program: URL? = [
        "/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto",
    ]
    .first { FileManager.default.isExecutableFile(atPath: $0) }
    .map { URL(filePath: $0) }

    /// Starts the broker and waits until it takes connections.
    /// - Parameters:
    ///   - port: a free one where nil.
    ///   - persistence: further lines of the configuration with which its queue survives a restart.
    public static func start(
        port: Int? = nil,
        extraConfiguration: String = "",
        persistence: String? = nil
    ) async throws -> PrivateBroker {
        try await onOwnThread(named: "broker") {
            let port = try port ?? freePort()
            return try PrivateBroker(
                port: port,
                configuration: configuration(port: port, extraConfiguration, persistence)
            )
        }
    }

    /// Starts the broker with a configuration of which nothing is added or taken away but who it runs as.
    /// - Parameter configuration: must have it listen on `port` of the loopback interface.
    public static func start(port: Int, configuration: String) async throws -> PrivateBroker {
        try await onOwnThread(named: "broker") {
            try PrivateBroker(port: port, configuration: configuration)
        }
    }

    private static func configuration(port: Int, _ extra: String, _ persistence: String?) -> String {
        """
        listener \(port) 127.0.0.1
        allow_anonymous true
        set_tcp_nodelay true
        max_inflight_messages 2000
        max_queued_messages 0
        max_queued_bytes 0
        persistence \(persistence != nil)
        log_type error
        log_dest stderr
        \(extra)
        \(persistence ?? "")
        """
    }

    private init(port: Int, configuration text: String) throws {
        guard let program = Self.program else { throw BrokerFailure(reason: "mosquitto is not installed") }
        self.port = port
        folder = try TemporaryFolder()
        let configuration = folder.file("mosquitto.conf")
        // Started by root, Mosquitto would become somebody who cannot read a private key.
        try Data("user \(NSUserName())\n\(text)".utf8).write(to: configuration)
        process = Process()
        process.executableURL = program
        process.arguments = ["-c", configuration.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        unblockSignals()
        try process.run()
        try waitUntilReady()
    }

    deinit { stop() }

    /// Ends the broker as a power cut would: nothing more is saved.
    public func crash() {
        kill(process.processIdentifier, SIGKILL)
        for _ in 0..<6000 where process.isRunning { Thread.sleep(forTimeInterval: 0.01) }
    }

    /// From asynchronous code: what it does takes time.
    public func stopOnOwnThread() async { try? await onOwnThread(named: "broker") { [self] in stop() } }
    public func crashOnOwnThread() async { try? await onOwnThread(named: "broker") { [self] in crash() } }

    /// Ends the broker; may be called more than once.
    public func stop() {
        guard process.isRunning else { return }
        process.terminate()
        for _ in 0..<6000 where process.isRunning { Thread.sleep(forTimeInterval: 0.01) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private func waitUntilReady() throws {
        for _ in 0..<6000 {
            if isListening(port) { return }
            guard process.isRunning else { break }
            Thread.sleep(forTimeInterval: 0.01)
        }
        throw BrokerFailure(reason: "mosquitto did not start on port \(port)")
    }
}

/// Why a broker for tests could not be had.
public struct BrokerFailure: Error {
    public let reason: String
    public init(reason: String) { self.reason = reason }
}

/// Threads of the cooperative pool block most signals, threads started from them inherit that, and so do
/// their child processes: SIGTERM would not reach them. Call on an own thread before starting one.
public func unblockSignals() {
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}

/// A port that was free a moment ago.
public func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withGenericPointer(to: &address) { pointer in
        bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
    }
    guard isBound else { throw BrokerFailure(reason: "no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
}

private func isListening(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port: UInt16(port))
    return withGenericPointer(to: &address) { pointer in
        connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
}

private func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}

private func withGenericPointer<Value>(
    to address: inout sockaddr_in,
    _ body: (UnsafeMutablePointer<sockaddr>) -> Value
) -> Value {
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
}
