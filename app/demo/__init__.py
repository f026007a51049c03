"""The demonstration: its content, and the stories that it plays over HTTP as their users would."""
