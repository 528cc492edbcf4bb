enum ThemesStub {}
