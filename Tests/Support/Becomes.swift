/// Whether something that threads or programs of their own bring about becomes true.
///
/// - Returns: false after ten minutes: many tests at once on two cores may take minutes to let one of them go on.
public func becomes(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(600)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return try await condition()
}
