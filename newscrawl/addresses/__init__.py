"""What is a URL, and may it be asked for?

Front door: ``address.Address``, a URL split once; then ``admission.Gate``, which admits one or
says why not.

What a page says, and what the database knows of a URL, never belong here: an address is judged by
its text and by what came of others like it.
"""
