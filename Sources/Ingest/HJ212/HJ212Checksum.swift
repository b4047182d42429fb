/// The check of a frame (HJ 212-2017, appendix A; the same in HJ/T 212-2005). It differs from the CRC of Modbus
/// in that the next byte meets the high byte of the register, and the low byte is dropped.
enum HJ212Checksum {
    /// The eight shifts of every possible byte: only eight bits of the register outlive a step.
    private static let table: [UInt16] = (0..<256).map { (value: UInt16) in
        (0..<8).reduce(value) { register, _ in
            register & 1 == 0 ? register >> 1 : register >> 1 ^ 0xA001
        }
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt16 {
        table.withUnsafeBufferPointer { table in
            bytes.reduce(0xFFFF) { register, byte in table[Int(register >> 8 ^ UInt16(byte))] }
        }
    }

    /// As a frame carries it: four hexadecimal digits.
    static func digits(of bytes: some Sequence<UInt8>) -> [UInt8] {
        let value = of(bytes)
        return [12, 8, 4, 0].map { shift in
            let digit = UInt8(truncatingIfNeeded: value >> UInt16(shift) & 0xF)
            return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
        }
    }

    /// Reads what a frame carries, in capitals or small letters.
    static func value(ofDigits digits: some Sequence<UInt8>) -> UInt16? {
        var value: UInt16 = 0
        for digit in digits {
            let nibble: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): nibble = digit - UInt8(ascii: "0")
            case UInt8(ascii: "A")...UInt8(ascii: "F"): nibble = digit - UInt8(ascii: "A") + 10
            case UInt8(ascii: "a")...UInt8(ascii: "f"): nibble = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            value = value << 4 | UInt16(nibble)
        }
        return value
    }
}
