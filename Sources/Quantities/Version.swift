/// The version recorded in every output.
public enum Version {
    public static let current = "0.1.0"
}
