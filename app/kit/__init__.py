"""The kit: no business word, no input or output. Everybody may import it; it imports nobody."""
