import CMosquitto
import Foundation

/// What the library told us since we last looked. The C library keeps its address.
final class ConnectionEvents {
    var connectReason: Int32?
    var hasSessionPresent = false
    var hasSharedSubscriptions = true
    var subscriptionReasons: [Int32] = []
    var messages = MessageBatch()
    var acknowledged = 0
    var refused = 0
    var firstRefusal: Int32 = 0
    /// Why the broker said goodbye; nil while it has not.
    var goodbye: Int32?
    /// Why the broker's certificate was not accepted, where that was the trouble.
    var certificateVerdict: String?
    /// The library's complaints, the last few.
    var complaints: [String] = []

    /// Grows with everything of interest that is read.
    var readCount: Int { messages.count + acknowledged + refused }

    func complain(_ text: String) {
        if complaints.count >= 20 { complaints.removeFirst() }
        complaints.append(text)
    }

    /// Has the library call us. It must not outlive us.
    func register(with handle: OpaquePointer) {
        mosquitto_connect_v5_callback_set(handle, connectAnswered)
        mosquitto_disconnect_v5_callback_set(handle, disconnected)
        mosquitto_subscribe_v5_callback_set(handle, subscriptionAnswered)
        mosquitto_message_v5_callback_set(handle, messageArrived)
        mosquitto_publish_v5_callback_set(handle, publicationAnswered)
        mosquitto_log_callback_set(handle, complained)
    }
}

private func events(_ context: UnsafeMutableRawPointer?) -> ConnectionEvents? {
    context.map { Unmanaged<ConnectionEvents>.fromOpaque($0).takeUnretainedValue() }
}

private func connectAnswered(
    _: OpaquePointer?,
    context: UnsafeMutableRawPointer?,
    reason: Int32,
    flags: Int32,
    properties: OpaquePointer?
) {
    guard let events = events(context) else { return }
    events.connectReason = reason
    events.hasSessionPresent = flags & 1 == 1
    var isAvailable: UInt8 = 1
    mosquitto_property_read_byte(
        properties,
        Int32(MQTT_PROP_SHARED_SUB_AVAILABLE.rawValue),
        &isAvailable,
        false
    )
    events.hasSharedSubscriptions = isAvailable != 0
}

/// The library reports its own errors here as well, with codes below those of MQTT 5.
private func disconnected(
    _: OpaquePointer?,
    context: UnsafeMutableRawPointer?,
    reason: Int32,
    properties: OpaquePointer?
) {
    if reason >= 0x80 { events(context)?.goodbye = reason }
}

private func subscriptionAnswered(
    _: OpaquePointer?,
    context: UnsafeMutableRawPointer?,
    identifier: Int32,
    count: Int32,
    reasons: UnsafePointer<Int32>?,
    properties: OpaquePointer?
) {
    let answers = UnsafeBufferPointer(start: reasons, count: Int(count))
    events(context)?.subscriptionReasons.append(contentsOf: answers)
}

private func messageArrived(
    _: OpaquePointer?,
    context: UnsafeMutableRawPointer?,
    message: UnsafePointer<mosquitto_message>?,
    properties: OpaquePointer?
) {
    guard let message = message?.pointee, let topic = message.topic else { return }
    events(context)?.messages.append(
        topic: UnsafeRawBufferPointer(start: topic, count: strlen(topic)),
        payload: UnsafeRawBufferPointer(start: message.payload, count: Int(message.payloadlen))
    )
}

private func publicationAnswered(
    _: OpaquePointer?,
    context: UnsafeMutableRawPointer?,
    identifier: Int32,
    reason: Int32,
    properties: OpaquePointer?
) {
    guard let events = events(context) else { return }
    if reason < 0x80 {
        events.acknowledged += 1
    } else {
        if events.refused == 0 { events.firstRefusal = reason }
        events.refused += 1
    }
}

private func complained(
    handle: OpaquePointer?,
    context: UnsafeMutableRawPointer?,
    level: Int32,
    text: UnsafePointer<CChar>?
) {
    guard level == MOSQ_LOG_ERR, let text else { return }
    let words = String(cString: text)
    events(context)?.complain(words)
    if words.contains(TLSHandshake.untrusted), let handle {
        events(context)?.certificateVerdict = TLSHandshake.verdict(handle)
    }
}
