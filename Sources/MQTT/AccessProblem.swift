import Quantities

/// Why a broker and we do not accept each other.
public enum AccessProblem: Equatable, Sendable {
    /// A file named by the settings cannot be read.
    case unreadable(holding: String, reason: String)
    /// The password file begins with an empty line, or is empty.
    case emptyPassword
    /// A client certificate without its key, or the other way round.
    case halfOfPair
    /// Certificates are given for an address without TLS.
    case notEncrypted(file: String)
    /// The file holds no PEM that can be used: damaged, another format, or an encrypted key.
    case unusable(holding: String, file: String)
    /// The private key is not that of the certificate.
    case keyDoesNotFit
    /// The broker's certificate is not vouched for: reason in the words of OpenSSL.
    case notTrusted(String)
    /// The broker's certificate is for another host.
    case wrongHost(String)
    /// What answers there does not speak TLS.
    case noTLS
    /// The broker wants a client certificate.
    case certificateDemanded
    /// The broker does not accept our certificate.
    case certificateRefused(String)
    /// Any other failure of the handshake.
    case handshake(String)
    /// User or password are wrong, or missing where the user is nil.
    case credentials(user: String?)

    var what: String {
        switch self {
        case .unreadable(let content, let reason): "cannot read the \(content) (\(reason))"
        case .emptyPassword: "the password file has no password in its first line"
        case .halfOfPair: "a client certificate needs its key, and a key its certificate"
        case .notEncrypted(let file): "the address is one without TLS, and \(file) is for TLS"
        case .unusable(let content, let file): "\(file) holds no usable \(content)"
        case .keyDoesNotFit: "the private key is not that of the client certificate"
        case .notTrusted(let reason): "the broker's certificate is not trusted (\(reason))"
        case .wrongHost(let host): "the broker's certificate is not for \(host)"
        case .noTLS: "the broker does not speak TLS on this port"
        case .certificateDemanded: "the broker demands a client certificate"
        case .certificateRefused(let reason): "the broker refuses our certificate (\(reason))"
        case .handshake(let reason): "the TLS handshake failed (\(reason))"
        case .credentials(let user?): "the broker refuses the password or the rights of the user \(user)"
        case .credentials(nil): "the broker lets nobody in without a user"
        }
    }

    var remedy: String {
        switch self {
        case .unreadable: "check the path and who may read the file"
        case .emptyPassword:
            "write the password into its first line; a user without a password needs no --password-file"
        case .halfOfPair: "give --certificate together with --key"
        case .notEncrypted: "write mqtts:// or leave the file out"
        case .unusable: "give a PEM file; a key must be without a pass phrase"
        case .keyDoesNotFit: "give the key that the certificate was made for"
        case .notTrusted(let reason):
            reason.contains("expired") || reason.contains("not yet valid")
                ? "renew the broker's certificate or set the clock"
                : "give the authority that signed it with --ca"
        case .wrongHost: "use the name the certificate was made for, or make one with this name"
        case .noTLS: "write mqtt:// or use the port of the TLS listener"
        case .certificateDemanded: "give --certificate and --key"
        case .certificateRefused: "have a new certificate signed by the broker's authority"
        case .handshake: "compare the TLS settings of broker and client"
        case .credentials(nil): "give --user and --password-file"
        case .credentials: "check --user and --password-file against the broker's password file"
        }
    }

    var exitStatus: ExitStatus {
        switch self {
        case .unreadable, .emptyPassword: .missingInput
        case .halfOfPair, .notEncrypted: .usage
        case .unusable, .keyDoesNotFit: .badData
        default: .unavailable
        }
    }

    /// True for what may be a broker that is just starting or ending; everything else stays until somebody mends it.
    var mayPass: Bool {
        if case .handshake = self { true } else { false }
    }
}
