"""An agent replaced in a sale 更换代理人: decided under the sale's lock, between two bids."""
