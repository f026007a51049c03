"""Pure decisions about imports: how a row becomes an achievement, and what that does to what is stored."""
