"""What does a small newspaper look like whose markup is like nobody else's?

Front door: `newscrawl.demo.odd.stories.stories`; `pages` shows them, `truth` checks what was read.

How the usual page objects are told to read it belongs to the guide, not here.
"""
