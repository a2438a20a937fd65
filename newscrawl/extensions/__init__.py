"""What is watched while a run goes on?

Front door: ``ending.EndingExtension``, the word a run ends with; then ``monitors``.

Nothing here decides what is fetched or stored: an extension watches, tells, and may end a run.
"""
