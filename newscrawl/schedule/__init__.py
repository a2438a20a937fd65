"""Which site is crawled when, and by which machine?

Front door: ``jobs.Job``, a table of ``sites.toml``; then ``worker.Worker`` for many machines.

How a site is crawled never belongs here: a job is a command that is run as a process.
"""
