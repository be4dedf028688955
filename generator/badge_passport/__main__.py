"""`python -m badge_passport` is the `passport` command."""

from badge_passport.cli import main

main()
