import CMosquitto
import Foundation
import Quantities

/// One connection of one client. Nothing is read or written but by ``read()`` and ``write()``: the library
/// is told that threads are used, whereupon it only queues what it has to send.
///
/// That is what delays acknowledgements until the data are safe. libmosquitto queues the PUBACK before it
/// calls the message callback; with its own loops it has left by then (`handle_publish.c`, version 2.0).
struct BrokerConnection: ~Copyable {
    private let handle: OpaquePointer
    let events: ConnectionEvents
    let address: BrokerAddress
    let access: BrokerAccess
    let version: ProtocolVersion

    struct Settings {
        var clientID: String
        var keepsSession: Bool
        var receiveMaximum: Int32 = 65_535
        var sessionExpirySeconds: UInt32 = 0
        var keepAliveSeconds: Int32 = 30
    }

    /// Connects and waits for the broker's answer.
    static func open(
        to address: BrokerAddress,
        _ access: BrokerAccess,
        _ settings: Settings,
        version: ProtocolVersion
    ) throws(MQTTError) -> BrokerConnection {
        initializeLibrary
        try access.check(for: address)
        let events = ConnectionEvents()
        let context = Unmanaged.passUnretained(events).toOpaque()
        guard let raw = mosquitto_new(settings.clientID, !settings.keepsSession, context) else {
            throw MQTTError(.library(systemErrorText()), broker: address.description)
        }
        let connection = BrokerConnection(
            handle: raw,
            events: events,
            address: address,
            access: access,
            version: version
        )
        try connection.configure(settings)
        try connection.connect(settings)
        return connection
    }

    private init(
        handle: OpaquePointer,
        events: ConnectionEvents,
        address: BrokerAddress,
        access: BrokerAccess,
        version: ProtocolVersion
    ) {
        self.handle = handle
        self.events = events
        self.address = address
        self.access = access
        self.version = version
    }

    // Sends no DISCONNECT and nothing that is queued: unwritten acknowledgements die with the socket.
    deinit { mosquitto_destroy(handle) }

    private func configure(_ settings: Settings) throws(MQTTError) {
        mosquitto_int_option(handle, MOSQ_OPT_PROTOCOL_VERSION, version.option)
        mosquitto_int_option(handle, MOSQ_OPT_RECEIVE_MAXIMUM, settings.receiveMaximum)
        mosquitto_int_option(handle, MOSQ_OPT_TCP_NODELAY, 1)
        mosquitto_threaded_set(handle, true)
        if let user { mosquitto_username_pw_set(handle, user, access.password?.text ?? address.password) }
        events.register(with: handle)
        guard address.usesTLS else { return }
        let code = TLSHandshake.configure(handle, access)
        guard code == success else { throw failure(.library("TLS: \(describe(code))")) }
    }

    private var user: String? { access.user ?? address.user }

    private func connect(_ settings: Settings) throws(MQTTError) {
        var properties: OpaquePointer?
        defer { mosquitto_property_free_all(&properties) }
        if version == .five {
            mosquitto_property_add_int32(
                &properties,
                Int32(MQTT_PROP_SESSION_EXPIRY_INTERVAL.rawValue),
                settings.sessionExpirySeconds
            )
        }
        let code = mosquitto_connect_bind_v5(
            handle,
            address.host,
            address.port,
            settings.keepAliveSeconds,
            nil,
            properties
        )
        guard code == success else { throw connectionFailure(code, isOpen: false) }
        if address.usesTLS { try finishHandshake() }
        try writeEverything()
        try readUntil({ events.connectReason != nil }, orFail: "no answer to CONNECT")
        if let reason = events.connectReason, reason != 0 {
            throw failure(version.refusal(reason, user: user))
        }
    }

    /// Until the handshake is over the library does not want to write, although CONNECT is queued.
    ///
    /// Then it waits a moment for the tickets that the broker sends, or for its alert when it does not accept our
    /// certificate: CONNECT sent into a connection that is being closed could wipe out the alert.
    private func finishHandshake() throws(MQTTError) {
        try readUntil({ wantsToWrite }, orFail: "no TLS handshake")
        wait(milliseconds: 200)
        if let code = read() { throw connectionFailure(code) }
    }

    /// Asks for messages and waits for the answers. Messages of a kept session may arrive meanwhile; their
    /// acknowledgements stay in the queue, because nothing is written after the first packet is read.
    /// - Precondition: messages that came with the answer to CONNECT have been stored.
    func subscribe(to filters: [String]) throws(MQTTError) {
        precondition(events.messages.isEmpty, "subscribing would acknowledge messages that are not stored")
        for filter in filters {
            let code = mosquitto_subscribe_v5(handle, nil, filter, 1, 0, nil)
            guard code == success else { throw failure(.library("\(filter): \(describe(code))")) }
        }
        try writeEverything()
        try readUntil(
            { events.subscriptionReasons.count >= filters.count },
            orFail: "no answer to SUBSCRIBE"
        )
        // The broker answers in the order of the requests (OASIS MQTT 5.0, section 4.6).
        for (filter, reason) in zip(filters, events.subscriptionReasons) where reason >= 0x80 {
            throw failure(.subscriptionRefused(filter: filter, reason: describeReason(reason)))
        }
    }

    private func writeEverything() throws(MQTTError) {
        let deadline = ContinuousClock.now + .seconds(10)
        while wantsToWrite {
            if let code = write() { throw connectionFailure(code) }
            guard ContinuousClock.now < deadline else { throw failure(.unreachable("it takes no data")) }
            if wantsToWrite { wait(milliseconds: 100, forWriting: true) }
        }
    }

    private func readUntil(
        _ isDone: () -> Bool,
        orFail reason: String
    ) throws(MQTTError) {
        let deadline = ContinuousClock.now + .seconds(10)
        while !isDone() {
            guard ContinuousClock.now < deadline else { throw failure(.unreachable(reason)) }
            wait(milliseconds: 100)
            // A refusal is both an answer and an error.
            if let code = read(), !isDone() { throw connectionFailure(code) }
        }
    }

    /// What a failure before the broker's answer means.
    private func connectionFailure(_ code: Int32, isOpen: Bool = true) -> MQTTError {
        if address.usesTLS,
            let problem = TLSHandshake.problem(events, access, host: address.host)
        {
            return failure(.access(problem))
        }
        if let reason = events.goodbye { return failure(.refused(describeReason(reason))) }
        guard isOpen, events.connectReason == nil else { return failure(.unreachable(describe(code))) }
        return switch code {
        // A broker for 3.1.1 answers in its own format, which is none of MQTT 5.
        case Int32(MOSQ_ERR_PROTOCOL.rawValue), Int32(MOSQ_ERR_MALFORMED_PACKET.rawValue):
            failure(.versionRefused(version))
        case Int32(MOSQ_ERR_CONN_LOST.rawValue), Int32(MOSQ_ERR_NO_CONN.rawValue): failure(.closedUnanswered)
        // What breaks a TLS connection is hidden behind a system error that never was (`EPROTO`).
        case Int32(MOSQ_ERR_ERRNO.rawValue) where address.usesTLS:
            failure(.closedUnanswered)
        default: failure(.unreachable(describe(code)))
        }
    }

    /// Queues one message; it leaves with ``write()``.
    func publish(_ message: Publication) throws(MQTTError) {
        let code = mosquitto_publish_v5(
            handle,
            nil,
            message.topic,
            Int32(clamping: message.payload.count),
            message.payload,
            1,
            message.isRetained,
            nil
        )
        guard code == success else { throw failure(.library("\(message.topic): \(describe(code))")) }
    }

    var wantsToWrite: Bool { mosquitto_want_write(handle) }

    /// Waits until there is something to read, or room to write where that is wanted.
    func wait(milliseconds: Int32, forWriting: Bool = false) {
        let events = Int16(POLLIN) | (forWriting ? Int16(POLLOUT) : 0)
        var descriptor = pollfd(fd: mosquitto_socket(handle), events: events, revents: 0)
        poll(&descriptor, 1, milliseconds)
    }

    /// Reads what is there, one packet of QoS 1 at most. The library's code when the connection is gone.
    func read() -> Int32? { problem(mosquitto_loop_read(handle, 1)) }

    /// Sends everything that is queued, acknowledgements included, as far as the socket takes it.
    ///
    /// The library makes a system call for each packet. Corked, five hundred acknowledgements of four bytes
    /// travel as one segment, which spares both ends the work for five hundred.
    func write() -> Int32? {
        guard wantsToWrite else { return nil }
        let socket = mosquitto_socket(handle)
        setCork(socket, 1)
        defer { setCork(socket, 0) }
        return problem(mosquitto_loop_write(handle, 1))
    }

    /// Keeps the connection alive: queues a ping when one is due, notices a broker that is silent.
    func tend() -> Int32? { problem(mosquitto_loop_misc(handle)) }

    /// Says goodbye, keeping the session, after everything queued has been sent.
    func close() {
        let deadline = ContinuousClock.now + .seconds(5)
        mosquitto_disconnect_v5(handle, 0, nil)
        while wantsToWrite, ContinuousClock.now < deadline {
            if write() != nil { return }
            if wantsToWrite { wait(milliseconds: 100, forWriting: true) }
        }
    }

    func failure(_ kind: MQTTError.Kind) -> MQTTError { MQTTError(kind, broker: address.description) }

    /// Why an open connection broke: the broker's own words where it had any.
    func lossReason(_ code: Int32) -> String { events.goodbye.map(describeReason) ?? describe(code) }

    private func problem(_ code: Int32) -> Int32? { code == success ? nil : code }
}

private func setCork(_ socket: Int32, _ isOn: Int32) {
    var isOn = isOn
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_CORK, &isOn, socklen_t(MemoryLayout<Int32>.size))
}

func systemErrorText() -> String { String(cString: strerror(errno)) }

/// Must be called once before anything else of the library.
private let initializeLibrary: Void = { _ = mosquitto_lib_init() }()
