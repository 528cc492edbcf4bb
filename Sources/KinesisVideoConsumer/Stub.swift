enum KinesisVideoConsumerStub {}
