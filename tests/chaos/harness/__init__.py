"""A real server and a real PostgreSQL, scripted clients, and what must hold whatever happens."""
