"""Internal decisions about what is sold: the case of an offering, and the folder of its deal."""
