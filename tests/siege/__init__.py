"""Attacks on crawls by parts that share no code with the demo: ``make siege``."""
