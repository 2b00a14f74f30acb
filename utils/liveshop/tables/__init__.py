"""The tables: load them, hold them against the contract, bring a real export into its form, write them safely.

`load` reads Qinghe's tables or your own. `validate` says in sentences what breaks the contract (`datapackage.json`).
`adapt` turns a platform's export into a contract table.
Whatever is wrong with the input, the error is a `TableError`: one sentence with a remedy.
"""

from liveshop.tables.adapt import AdaptReport, adapt, adapt_all
from liveshop.tables.contract import contract, write_contract
from liveshop.tables.errors import MissingColumn, MissingTable, Problem, TableError
from liveshop.tables.load import Tables, load
from liveshop.tables.pseudonyms import pseudonymise
from liveshop.tables.validation import typed, validate, validate_all
from liveshop.tables.writing import atomic, put_cell, safe_text, write_csv, write_excel, write_text

__all__ = ["AdaptReport", "MissingColumn", "MissingTable", "Problem", "TableError", "Tables", "adapt", "adapt_all",
           "atomic", "contract", "load", "pseudonymise", "put_cell", "safe_text", "typed", "validate", "validate_all",
           "write_contract", "write_csv", "write_excel", "write_text"]
