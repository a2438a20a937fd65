"""The suites of others: URLs as browsers read them, public suffixes, robots.txt."""
