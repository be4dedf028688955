"""Giving badges, and taking them back."""
