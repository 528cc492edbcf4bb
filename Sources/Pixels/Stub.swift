enum PixelsStub {}
