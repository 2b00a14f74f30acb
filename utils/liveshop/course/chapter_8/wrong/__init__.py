"""Wrong answers of chapter 8 that take more than a line to make."""
