import Monitor
import Pixels
import TerminalScreen
import TerminalVideo
import Testing

/// The ways in which the player shows pictures.
@Suite struct PictureModeTests {
    private static func opened(_ modes: [PictureMode]) -> MonitorState {
        var configuration = MonitorState.Configuration(endpoint: "local:7070")
        configuration.pictureModes = modes
        var state = MonitorState(
            configuration: configuration,
            size: ScreenSize(rows: 24, columns: 80),
            now: SampleStreams.now
        )
        _ = state.handle(.statistics(SampleStreams.current), at: SampleStreams.now)
        _ = state.press(KeyPress(.enter))
        return state
    }

    @Test func vGoesThroughWhatTheTerminalKnows() {
        let modes: [PictureMode] = [.half, .quadrant, .ascii, .kitty]
        var state = Self.opened(modes)
        #expect(state.pictureMode == .half)
        let seen = modes.map { _ in
            _ = state.press(KeyPress("v"))
            return state.pictureMode
        }
        #expect(seen == [.quadrant, .ascii, .kitty, .half])
    }

    @Test func whatTheTerminalHasNotProvedIsRefusedWithWhatThereIs() {
        var state = Self.opened([.half, .ascii])
        _ = state.run(line: "render ascii", at: state.now)
        #expect(state.pictureMode == .ascii)
        _ = state.run(line: "render sixel", at: state.now)
        #expect(state.pictureMode == .ascii)
        #expect(state.text().contains("does not show sixel"))
        _ = state.run(line: "render mosaic", at: state.now)
        #expect(state.pictureMode == .ascii)
    }

    @Test func octantsAreNotOfferedButHadByName() {
        var state = Self.opened([.half, .quadrant, .sextant, .ascii])
        _ = state.run(line: "render octant", at: state.now)
        #expect(state.pictureMode == .octant)
        _ = state.press(KeyPress("v"))
        #expect(state.pictureMode == .half)
    }

    @Test(arguments: PictureMode.allCases)
    func aPictureFillsItsBoxWithSquarePixels(mode: PictureMode) {
        let cell = PixelSize(width: 9, height: 20)
        let fit = PictureFit(box: ScreenSize(rows: 18, columns: 80), mode: mode, cell: cell)
        let size = fit.size(for: PixelSize(width: 1280, height: 720), sampleAspect: 1)
        #expect(fit.fits(RGBImage(size: size)) && !fit.fits(RGBImage(size: PixelSize(width: 3, height: 3))))
        let place = mode.place(of: size, cell: cell)
        #expect(place.width <= 80 && place.height == 36)
        // In pixels of the terminal where those are drawn, else in half blocks.
        let shown = mode.needsPixels ? size : place
        #expect(abs(Double(shown.width) / Double(shown.height) - 16.0 / 9) < 0.04)
    }
}
