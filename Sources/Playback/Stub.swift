enum PlaybackStub {}
