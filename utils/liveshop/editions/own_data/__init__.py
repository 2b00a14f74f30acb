"""A section of the course on the reader's own tables: `own_data_notebook` does it from the export to the page.

`tables` reads what she has, `steps` chooses the cells that can run on it, `report` says what was left out and why.
"""

from liveshop.editions.own_data.report import OwnDataReport
from liveshop.editions.own_data.run import own_data_notebook

__all__ = ["OwnDataReport", "own_data_notebook"]
