"""`passport import`: from the tables that people have to awards."""
