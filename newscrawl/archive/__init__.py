"""What did the server answer, byte for byte?

Front door: ``archive.Archive``, the open files of a run; ``reading`` for records of whoever wrote
them.

What an answer means never belongs here, nor what is removed later (``upkeep``).
"""
