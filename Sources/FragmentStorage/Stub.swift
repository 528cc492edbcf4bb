enum FragmentStorageStub {}
