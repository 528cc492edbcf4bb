enum TerminalScreenStub {}
