"""Which pages of a site have archives captured, and where do they lie?

Front door: ``listing.Listing``, which takes rows of CDX (``files``, ``server``) and writes the list.

What is in the captures never belongs here: they are read by whoever takes the list.
"""
