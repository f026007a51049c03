"""The agent 代理人 who acts for a registered buyer in one sale: named, given a limit, and replaced with code and deposit kept."""
