"""Open Badges documents, baking and verification; knows no HTML."""
