"""What people ask of a database that has grown: how long they wait, and what it takes."""
