"""The explorer: one page of our own, which asks nothing of other hosts."""
