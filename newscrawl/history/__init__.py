"""What has happened so far?

Front door: ``accounts.Account``, what a run came to in numbers; then ``explaining`` for a single
URL.

Nothing here decides what is fetched or stored (only ``queries.forget`` touches rows); whether
figures are good is for ``verdict`` to say.
"""
