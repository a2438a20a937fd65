"""What can be asked for of a corpus?

Front door: ``build.BuildAction``, and a module for each other action of ``newscrawl corpus``.
"""
