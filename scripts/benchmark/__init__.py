"""Measurements, run by hand: what they print stands in README with its date and machine."""
