enum MonitorStub {}
