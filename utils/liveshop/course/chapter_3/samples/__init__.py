"""The samples and rules of chapter 3, each written once: a module a topic.

The notebook, the exercises and the recovery over simulated seasons take them from here and call the methods on them
themselves, so that what is proved is what is taught.
"""
