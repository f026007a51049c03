"""The tests are the specification: names are sentences, values exact."""
