"""Rights of first refusal 优先受让权: who holds one on an offering, by which basis, and how he was told before the notice."""
