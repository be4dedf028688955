"""E-mail to participants: what is due, the messages, sending them, and the log of it."""
