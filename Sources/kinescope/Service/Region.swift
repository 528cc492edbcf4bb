import Foundation

/// Region of ARNs that the service makes.
enum Region {
    static var ofEnvironment: String {
        let environment = ProcessInfo.processInfo.environment
        // An empty variable is how scripts take one away.
        return ["AWS_REGION", "AWS_DEFAULT_REGION"].compactMap { environment[$0] }.first { !$0.isEmpty }
            ?? "local-1"
    }
}
