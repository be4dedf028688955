"""The promoter's tools."""
