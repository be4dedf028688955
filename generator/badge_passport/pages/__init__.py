"""Pages: the registry as HTML in every language, poured into the shell that a host provides."""
