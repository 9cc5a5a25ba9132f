"""The marketplace, over HTTP."""
