"""Forms: their files, their names in HTML, their values, and how they are read."""
