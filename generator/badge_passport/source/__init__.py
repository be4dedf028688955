"""Reading: files, YAML and CSV as plain values, and the way back from a value to its line and column."""
