"""Every way in: pages, API, commands."""
