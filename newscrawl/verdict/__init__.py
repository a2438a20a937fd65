"""Was that a good run?

Front door: ``reach.Reach``, whether anything was read; then ``alarms``, what is unlike earlier
runs.

No tables, colours or exit codes of a shell: how a verdict is shown is ``terminal``'s.
"""
