"""Samples and rules of chapter 1, each written once: notebook, exercises and tests call them."""
