enum TerminalVideoStub {}
