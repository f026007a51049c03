"""Bundles 专利包: several rights for one price, whose division over them is agreed and pinned before the sale."""
