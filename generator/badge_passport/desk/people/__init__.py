"""Participants at the desk: whose address is whose, newcomers, and people who change."""
