"""What notices and objections must obey. Pure: plain values in, plain values or a refusal out."""
