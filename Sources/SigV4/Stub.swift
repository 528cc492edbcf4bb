enum SigV4Stub {}
