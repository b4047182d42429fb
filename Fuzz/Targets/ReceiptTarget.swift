import Ingest
import JSON

/// Writes a receipt of any name and numbers; it must be JSON that says the same.
func receiptIsJSON(_ input: [UInt8], _ json: JSONParser) -> Int {
    let length = min(Int(input.first ?? 0), max(0, input.count - 1))
    let boot = String(decoding: input.dropFirst().prefix(length), as: UTF8.self)
    var numbers: [Int64] = []
    for start in stride(from: 1 + length, to: input.count - 7, by: 8) {
        numbers.append(input[start..<(start + 8)].reduce(0) { $0 << 8 | Int64($1) })
    }
    numbers.sort()
    let gaps = zip(numbers, numbers.dropFirst()).enumerated().compactMap { index, pair in
        index.isMultiple(of: 2) ? pair.0...pair.1 : nil
    }
    let receipt = Receipt(boot: boot, upTo: numbers.last ?? -1, gaps: gaps)
    let payload = receipt.payload
    let count = try? json.read(payload.span.bytes) { root in
        precondition(root["boot"]?.text == boot)
        precondition(root["upto"]?.wholeNumber == receipt.upTo)
        return root["gaps"]?.children.reduce(0) { count, _ in count + 1 } ?? -1
    }
    precondition(count == receipt.gaps.count)
    return gaps.count
}
