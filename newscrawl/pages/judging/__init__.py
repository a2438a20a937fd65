"""What kind of page is this: an article, a list, a wall, an empty shell?

Front door: `kinds.judge`, which takes `kinds.Evidence`.

The values of an article's fields, and what became of a visit, never belong here.
"""
