"""Looking at a change, publishing it, and looking after what is published."""
