"""Trucks, ships, roads and stations: physics and queues, arrays in and arrays out."""
