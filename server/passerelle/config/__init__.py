"""Settings: text to layers, layers to one effective config with the source of each value; files and their watch."""
