"""专场: lots sold one after the other, in a hall or online. Runs the lots; what a lot is worth is judged by the auction."""
