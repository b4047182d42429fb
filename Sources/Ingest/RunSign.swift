/// What a run lets whoever supervises it know.
public enum RunSign: Equatable, Sendable {
    /// It takes in messages, or waits for a broker as it was told to; with words for a person.
    case ready(String)
    /// Every source has done a round since the last time.
    case alive
    /// It takes in nothing more and finishes what it has begun.
    case stopping
}
