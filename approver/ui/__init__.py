"""The windows and the tray. Everything here runs on Qt's thread; only `bridge` knows the engine."""
