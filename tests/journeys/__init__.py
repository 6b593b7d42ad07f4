"""Whole paths through real processes: a demo of its own on free ports, driven as its users drive it."""
