"""The buyer's default 悔拍: found by one person with a paper, confirmed by another; what it undoes and what it costs."""
