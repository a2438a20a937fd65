"""What may a person ask for?

Front door: ``crawl.Command``; each other file is the command of its name.

No work is done here: a command checks what it was given, calls a room, and says how that ended.
"""
