"""Compiled search loops: arrays in, arrays and a status out; nothing here raises."""
