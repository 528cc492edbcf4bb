import CFFmpeg
import Foundation

/// libavdevice, which reads cameras: used where it is installed, and no dependency of the build.
///
/// It knows its own libavformat, so only the one of the same major version will do.
enum DeviceLibrary {
    /// Why there is none; nil once its devices are known to libavformat.
    static let problem: String? = {
        let name = "libavdevice.so.\(avformat_version() >> 16)"
        guard let library = dlopen(name, RTLD_NOW | RTLD_GLOBAL) else {
            return "\(name) is not installed"
        }
        guard let symbol = dlsym(library, "avdevice_register_all") else {
            return "\(name) has no avdevice_register_all"
        }
        typealias Register = @convention(c) () -> Void
        unsafeBitCast(symbol, to: Register.self)()
        return av_find_input_format("v4l2") == nil ? "\(name) was built without V4L2" : nil
    }()
}
