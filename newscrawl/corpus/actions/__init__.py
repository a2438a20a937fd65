"""What may a person ask of a corpus?

Front door: the class of each module, an action of ``corpus``.

What is done with a corpus never belongs here: an action reads its options, calls a room and tells.
"""
