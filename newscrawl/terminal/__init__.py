"""What does a person see on the screen?

Front door: ``database_command.DatabaseCommand``, the base of most commands; ``console`` prints,
``closing`` shows how a run ended.

Nothing is counted here: numbers come from ``history``, words for them from ``verdict``.
"""
