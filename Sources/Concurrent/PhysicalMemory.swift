import Foundation

/// Memory of the machine; what would not fit is refused before it is asked for.
public let physicalMemoryBytes = Double(ProcessInfo.processInfo.physicalMemory)
