"""Operate: the running plant."""
