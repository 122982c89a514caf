"""The parts of 设置. A tab is a line in `ui.settings.tabs`."""
