"""Files of a site, changed: all of a change or nothing, and what people wrote as they wrote it."""
