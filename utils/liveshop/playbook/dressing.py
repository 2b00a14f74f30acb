"""How sheets with live formulas look: white cells to type into, grey ones that are worked out."""

from liveshop.tables.writing import put_cell


def dress(sheet, columns, header, first, rows):
    """Title, header, widths, number formats and print set-up of a sheet with a table of formulas.

    columns: {heading: (width, formula or None, number format or None)}; header, first: rows of the sheet where the
    headings and the first row of the table stand; rows: how many rows the table has.
    """
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet["A1"].font = Font(bold=True, size=14)
    grey = PatternFill("solid", fgColor="EEF1F4")
    for place, (name, (width, formula, style)) in enumerate(columns.items(), 1):
        head = sheet.cell(header, place)
        put_cell(head, name)
        head.font, head.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1D3557")
        head.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
        for number in range(first, first + rows):
            cell = sheet.cell(number, place)
            cell.number_format = style or "General"
            if formula:
                cell.fill = grey
    sheet.freeze_panes = f"B{first}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
