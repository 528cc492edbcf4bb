enum KinesisVideoServerStub {}
