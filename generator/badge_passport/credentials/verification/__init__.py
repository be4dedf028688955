"""Verifying any badge: Open Badges 2.0 and 3.0, endorsements, learner records and presentations.

`whole.verify` is the entrance. Nothing here uses code that signs, so that a mistake there is not made twice:
a test sees to it.
"""
