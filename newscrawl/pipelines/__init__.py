"""What must an article go through before it is stored?

Front door: ``clean.CleanPipeline``; the order of all is in ``settings.py``.

No pipeline writes to the database: ``store`` hands over to the one writer.
"""
