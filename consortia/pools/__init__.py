"""Pools as they change: what is different between two, and what partners have answered taken into one."""
