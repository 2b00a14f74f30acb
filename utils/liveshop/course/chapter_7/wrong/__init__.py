"""Wrong answers of chapter 7 that take more than a line to make."""
