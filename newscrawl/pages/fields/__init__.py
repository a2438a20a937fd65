"""How is one field of an article read, and which of several values is taken?

Front door: the module of the field (`titles`, `dates`, `people` …), whose functions take what was
read and need no page object; `newscrawl.pages.article` says in which order they are asked.

Text and pictures of the body, and the markup of a theme, never belong here.
"""
