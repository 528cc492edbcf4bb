import Foundation
import KinesisVideo
import Testing

@Suite struct AcknowledgementTests {
    private static let number = FragmentNumber("91343852333181447247962534042408424052728840414")

    /// Lines as the service was seen to send them; FragmentTimecode stays a number and FragmentNumber text.
    @Test(arguments: [
        (
            Acknowledgement(.buffering, timecode: 0, number: number),
            #"{"EventType":"BUFFERING","FragmentTimecode":0,"FragmentNumber":"91343852333181447247962534042408424052728840414"}"#
        ),
        (
            Acknowledgement(.error, error: .invalidMedia),
            #"{"EventType":"ERROR","ErrorCode":"INVALID_MKV_DATA","ErrorId":4006}"#
        ),
        (
            Acknowledgement(.error, timecode: 520, number: number, error: .timecodeNotIncreasing),
            #"{"EventType":"ERROR","FragmentTimecode":520,"FragmentNumber":"91343852333181447247962534042408424052728840414","#
                + #""ErrorCode":"FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS","ErrorId":4004}"#
        ),
        (Acknowledgement(.idle), #"{"EventType":"IDLE"}"#),
    ])
    func aLineIsWrittenAndReadAsTheServiceSpellsIt(value: Acknowledgement, line: String) {
        #expect(value.line == line + "\n")
        #expect(Acknowledgement(line: line) == value)
        #expect(Acknowledgement(line: line + "\r\n") == value)
    }

    @Test func aNegativeTimecodeIsLeftOut() {
        #expect(
            Acknowledgement(.error, timecode: -1, error: .invalidMedia).line.contains("Timecode") == false
        )
    }

    @Test func whatServicesWereSeenToSendIsUnderstood() {
        let odd =
            #"{"EventType":"ERROR","FragmentTimecode":-1,"FragmentNumber":"","ErrorCode":"INVALID_MKV_DATA","ErrorId":4006}"#
        #expect(Acknowledgement(line: odd) == Acknowledgement(.error, error: .invalidMedia))
        let unknown = #"{"EventType":"ERROR","ErrorId":4999,"ErrorCode":"NEW","More":{"a":[1]}}"#
        #expect(Acknowledgement(line: unknown)?.error == IngestionError(id: 4999, code: "NEW"))
    }

    @Test(arguments: [
        "", "{}", "{\"EventType\":\"LATER\"}", "{\"Acknowledgement\":{\"EventType\":\"IDLE\"}}", "[1]",
        "text",
    ])
    func anythingElseIsNone(line: String) {
        #expect(Acknowledgement(line: line) == nil)
    }

    @Test func noLineIsLongerThanAProducerReads() {
        let longest = FragmentNumber(String(repeating: "9", count: 128))
        for error in [IngestionError.timecodeNotIncreasing, .tooManyTracks] {
            let line = Acknowledgement(.error, timecode: .max, number: longest, error: error).line
            #expect(line.utf8.count <= 1024 && line.utf8.last == 0x0A)
        }
    }
}
