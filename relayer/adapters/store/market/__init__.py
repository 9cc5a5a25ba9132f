"""The marketplace's memory: events as the chains told them, what follows from them, and the listings it was given."""
