enum KinesisVideoClientStub {}
