"""What has changed in the schema, one step a file?

Front door: the file with the highest number, whose revision is ``newscrawl.store.database.HEAD``.
A step that was released is never changed, and never imports the schema, which goes on changing.
"""
