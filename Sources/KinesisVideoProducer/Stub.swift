enum KinesisVideoProducerStub {}
