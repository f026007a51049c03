"""The pages in a headless browser, against the real server."""
