"""Public notices: what stands at a permanent address, where and until when; how it is mended, and objections to it."""
