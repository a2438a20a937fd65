"""What is in the news of the generated site, and who wrote it when?

Front door: `newscrawl.demo.content.story.tell`.

No markup and no address of a server belongs here: a story knows nothing of its page.
"""
