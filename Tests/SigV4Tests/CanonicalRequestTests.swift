import SigV4
import Testing

struct CanonicalRequestTests {
    @Test(arguments: [
        ("", "/", ""), ("/a/./b/../c/", "/a/c/", "/a/./b/../c/"), ("/..", "/", "/.."),
        ("//a//b", "/a/b", "//a//b"), ("/a%20b", "/a%2520b", "/a%2520b"), ("/a=b&c+d", "/a%3Db%26c%2Bd", nil),
    ])
    func encodesThePathOnceMore(path: String, normalized: String, asGiven: String?) {
        #expect(lines(path: path)[1] == normalized)
        guard let asGiven else { return }
        #expect(lines(path: path, normalizesPath: false)[1] == (asGiven.isEmpty ? "/" : asGiven))
    }

    @Test(arguments: [
        ("b=2&a=1", "a=1&b=2"), ("a=2&a=1&a=", "a=&a=1&a=2"), ("flag", "flag="), ("a=1&&b=", "a=1&b="),
        ("a=b=c", "a=b%3Dc"), ("a=%7e%2f%2F", "a=~%2F%2F"), ("a=x+y", "a=x%2By"),
        ("a=%zz&b=%4", "a=%25zz&b=%254"),
        ("a b=ü", "a%20b=%C3%BC"), ("=v", "=v"),
    ])
    func encodesAndSortsTheQuery(query: String, expected: String) {
        #expect(lines(query: query)[2] == expected)
    }

    @Test func trimsValuesAndJoinsDuplicatesInTheirOrder() {
        let request = CanonicalRequest(
            method: "GET",
            path: "/",
            headers: [
                .init(name: "X", value: "  b \t c  "), .init(name: "y", value: "not signed"),
                .init(name: "x", value: "a"), .init(name: "Host", value: "h"), .init(name: "z", value: ""),
            ],
            signedHeaders: ["z", "x", "host"],
            payloadHash: .unsigned
        )
        #expect(request.text == "GET\n/\n\nhost:h\nx:b c,a\nz:\n\nhost;x;z\nUNSIGNED-PAYLOAD")
    }

    @Test(arguments: ["", "abc", String(repeating: "A", count: 64), String(repeating: "0", count: 66)])
    func payloadHashIsSixtyFourLowerCaseDigits(_ text: String) {
        #expect(PayloadHash(sha256: text) == nil)
    }

    @Test func payloadHashReadsItsOwnText() {
        let hash = PayloadHash(sha256Of: Array("abc".utf8))
        #expect(hash.text == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(PayloadHash(sha256: hash.text) == hash)
    }

    private func lines(path: String = "/", query: String = "", normalizesPath: Bool = true) -> [Substring] {
        CanonicalRequest(
            method: "GET",
            path: path,
            query: query,
            headers: [],
            signedHeaders: [],
            payloadHash: .empty,
            normalizesPath: normalizesPath
        )
        .text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
