"""How is what is stored kept whole, small and lawful?

Front door: ``checks.checks`` and ``erasure.Erasure``; a file each for backup, compaction and
retention.

Nothing here runs within a crawl; what changes articles or logs holds the leases of their sites.
"""
