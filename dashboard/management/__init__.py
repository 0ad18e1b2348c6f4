"""What starts and stops the program: checks, database, server."""
