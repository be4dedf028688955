"""Claims: the codes that are sent, and the answers that come back."""
