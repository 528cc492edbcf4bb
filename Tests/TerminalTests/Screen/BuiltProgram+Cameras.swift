import KinescopeTesting

extension BuiltProgram {
    /// Starts cameras and their service without a screen; returns its address.
    ///
    /// Their clock is the machine's.
    func startCameras(port: Int = 0) async throws -> (RunningProgram, String) {
        let running = try start([
            "demo", "--port", "\(port)", "--data-dir", home.path("cameras"), "--seed", "1",
        ])
        var text = ""
        for await part in running.output {
            text += String(decoding: part, as: UTF8.self)
            if let match = text.firstMatch(of: #/listening on (http:\S+)\n/#) {
                return (running, String(match.output.1))
            }
        }
        throw Terminal.TimedOut(description: "demo ended: \(running.errors)")
    }
}
