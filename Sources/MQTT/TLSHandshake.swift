import CMosquitto
import Foundation

/// Sets up TLS for a connection and says in our words why it failed.
enum TLSHandshake {
    /// Where Debian keeps the authorities that every program trusts.
    private static let systemAuthorities = "/etc/ssl/certs"

    /// OpenSSL's words for any doubt about the broker's certificate.
    static let untrusted = "certificate verify failed"

    /// - Returns: the library's code. It checks the broker's certificate and name by itself; TLS 1.2 is the least.
    static func configure(_ handle: OpaquePointer, _ access: BrokerAccess) -> Int32 {
        mosquitto_tls_set(
            handle,
            access.authorityPath,
            access.authorityPath == nil ? systemAuthorities : nil,
            access.certificatePath,
            access.keyPath,
            refusePassPhrase
        )
    }

    /// Why the handshake failed; nil when the library said nothing of TLS.
    static func problem(_ events: ConnectionEvents, _ access: BrokerAccess, host: String) -> AccessProblem? {
        let words = events.complaints.joined(separator: "\n")
        if words.contains("host name verification failed") { return .wrongHost(host) }
        if words.contains(untrusted) { return .notTrusted(events.certificateVerdict ?? untrusted) }
        return ofFiles(words, access) ?? ofAlerts(words, access)
    }

    /// The library reads the files when it connects.
    private static func ofFiles(_ words: String, _ access: BrokerAccess) -> AccessProblem? {
        if words.contains("key values mismatch") || words.contains("certificate/key are inconsistent") {
            return .keyDoesNotFit
        }
        let failures = [
            ("Unable to load CA certificates", "CA certificates", access.authorityPath),
            ("Unable to load client certificate", "client certificate", access.certificatePath),
            ("Unable to load client key", "private key", access.keyPath),
        ]
        let failure = failures.first { words.contains($0.0) }
        return failure.map { .unusable(holding: $0.1, file: $0.2 ?? systemAuthorities) }
    }

    /// With TLS 1.3 our side has finished the handshake before the broker judges our certificate (RFC 8446,
    /// section 4.4.2.4): the alert comes in place of the first answer.
    private static func ofAlerts(_ words: String, _ access: BrokerAccess) -> AccessProblem? {
        guard let start = words.range(of: "SSL routines:") else { return nil }
        let reason = words[start.upperBound...].prefix { !$0.isNewline }.drop { $0 == ":" }
        let last = reason.split(separator: ":").last.map(String.init) ?? String(reason)
        if last.contains("wrong version number") || last.contains("packet length too long") { return .noTLS }
        if last.contains("certificate required") { return .certificateDemanded }
        guard last.contains("alert") else { return .handshake(last) }
        // Before TLS 1.3 a missing certificate is answered by a general failure of the handshake.
        if access.certificatePath == nil, last.contains("handshake failure") { return .certificateDemanded }
        return access.certificatePath == nil ? .handshake(last) : .certificateRefused(last)
    }

    /// OpenSSL's verdict on the broker's certificate. The library links OpenSSL and does not pass this on, so
    /// the two functions are looked up in the process; without them the reason is only less precise. To be
    /// asked while the library complains: afterwards it throws away what OpenSSL knows.
    static func verdict(_ handle: OpaquePointer) -> String? {
        typealias VerifyResult = @convention(c) (UnsafeMutableRawPointer) -> Int
        typealias ErrorText = @convention(c) (Int) -> UnsafePointer<CChar>?
        guard let connection = mosquitto_ssl_get(handle),
            let verifyResult = dlsym(nil, "SSL_get_verify_result"),
            let errorText = dlsym(nil, "X509_verify_cert_error_string")
        else { return nil }
        let result = unsafeBitCast(verifyResult, to: VerifyResult.self)(connection)
        guard result != 0 else { return nil }
        return unsafeBitCast(errorText, to: ErrorText.self)(result).map { String(cString: $0) }
    }
}

/// Without this an encrypted key would have OpenSSL ask at the terminal.
private func refusePassPhrase(
    _ buffer: UnsafeMutablePointer<CChar>?,
    _ size: Int32,
    _ isWriting: Int32,
    _ context: UnsafeMutableRawPointer?
) -> Int32 { 0 }
