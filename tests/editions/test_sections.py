"""A chapter's notebook taken apart into the parts of its pages."""

from nbformat import v4

from liveshop.editions.sections import chapter_part, section_part

CODE = "```python\n# each: \"act on it\"\n## and a heading in a comment\n```"


def test_a_comment_in_a_code_block_begins_no_part():
    cells = [v4.new_markdown_cell("# 8 Risk"), v4.new_markdown_cell("## 8.3 Keeping it going\n\n### Exercises"),
             v4.new_markdown_cell(CODE), v4.new_code_cell("check()"), v4.new_markdown_cell("## Chapter quiz")]
    nb = v4.new_notebook(cells=cells)
    assert [cell.id for cell in chapter_part(nb).cells] == [cells[0].id, cells[-1].id]
    heading, code, call = section_part(nb, "8.3").cells
    assert heading.source == "# 8.3 Keeping it going\n\n## Exercises"
    assert code.source == CODE and call.id == cells[3].id
