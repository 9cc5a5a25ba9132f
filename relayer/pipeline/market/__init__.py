"""Keeping the marketplace's read models level with their chains."""
