"""Headings of an export: when two of them are the same, and what stands in brackets behind one."""

import re
import unicodedata


def normal(name):
    """A heading for comparison: lower case, half-width, without blanks, hyphens, underscores, dots and brackets."""
    name = re.sub(r"[(\[【<].*?[)\]】>]", "", unicodedata.normalize("NFKC", str(name)))
    return re.sub(r"[\s_\-.:：·/]+", "", name).lower() or unicodedata.normalize("NFKC", str(name)).strip().lower()


def bracket(name):
    """What a heading says in brackets at its end, such as 分 in 实付金额（分）."""
    found = re.search(r"[(\[【]\s*([^()\[\]【】]+?)\s*[)\]】]\s*$", unicodedata.normalize("NFKC", str(name)))
    return found[1].lower() if found else ""
