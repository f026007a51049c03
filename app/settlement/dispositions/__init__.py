"""What becomes of a forfeited deposit: costs of the sale, then the shortfall of its re-auction, then the seller."""
