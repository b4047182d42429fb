import JSON
import Testing

/// The place in the table of each member of an object, in their order.
private func places(of text: String, in names: [String]) throws -> [Int?] {
    let table = JSONNameTable(names)
    return try JSONParser().read(Array(text.utf8).span.bytes) { $0.children.map { table.index(of: $0) } }
}

@Test func membersAreFoundInAListOfNames() throws {
    let text = #"{"ts":1,"co2":2,"12345678":3,"ts":4,"\u0074s":5,"inst":6}"#
    #expect(try places(of: text, in: ["co2", "ts", "12345678"]) == [1, 0, 2, 1, 1, nil])
}

/// Names that begin alike, are cut short, go on, or end in a zero byte are other names.
@Test func similarNamesAreNotTaken() throws {
    let text = #"{"":1,"t":2,"tss":3,"ts\u0000":4,"TS":5,"123456789":6,"1234567":7}"#
    #expect(try places(of: text, in: ["ts", "12345678"]) == Array(repeating: nil, count: 7))
    #expect(try places(of: "[1,2]", in: ["ts"]) == [nil, nil])
}

/// More names than slots of the smallest table: places that collide are told apart.
@Test func manyNamesAreTold() throws {
    let names = (0..<500).map { "n\($0)" }
    let text = "{" + (0..<600).map { #""n\#($0)":0"# }.joined(separator: ",") + "}"
    #expect(try places(of: text, in: names) == (0..<600).map { $0 < 500 ? $0 : nil })
}
