"""The built book on other ways to its readers: as a site that also works without a network, and as a PDF.

Both are made from the pages that `make book` wrote.
"""

from liveshop.editions.publish.lite import Lite
from liveshop.editions.publish.paper import pdf
from liveshop.editions.publish.site import site

__all__ = ["Lite", "pdf", "site"]
