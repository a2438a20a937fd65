"""What may a browser ask for, and by which way does it get out?

Front door: ``chromium.ChromiumDownloadHandler``, the download handler.

Which pages are opened in a browser is not decided here (``middlewares/browser.py``).
"""
