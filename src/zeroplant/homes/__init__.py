"""Homes: rooms, devices, populations of them, and what many promise together."""
