enum MediaCodecStub {}
