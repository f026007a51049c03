"""Evidence: a sale's public record, what of it may be redacted, and a verifier that needs neither us nor a database."""
