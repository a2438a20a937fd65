"""How is work shared among processes, any of which may be killed?

Front door: ``pool.ProcessPool``.

What the work is never belongs here.
"""
