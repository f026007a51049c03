"""Working days by government decision, provisional beyond the known horizon."""
