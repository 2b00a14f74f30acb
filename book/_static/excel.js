/* An Excel workbook (xlsx) made in the page, without a library: a zip that holds SpreadsheetML.

   window.liveshop.excel
     name(text)     a name that Excel allows a sheet: 31 letters, without []:*?/\
     book(sheets)   a Blob. A sheet: {name, widths: [letters], rows}; a row: {texts: [text], kind: "title" or "head",
                    typed: true where a text that is a number alone becomes one, link: [column from 0, name of a sheet]}
   Text is text and never a formula; signs that XML forbids are left out. What is too long for a cell goes on below. */
(function () {
  "use strict";

  const { xml } = window.liveshop.word;
  const LONGEST = 32767;
  const NUMBER = /^-?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.(\d+))?$/;
  const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

  const name = (text) => String(text).replace(/[\x00-\x1f\x7f\ufffe\uffff]/g, "").replace(/[[\]:*?/\\]/g, "-")
    .replace(/^'+|'+$/g, "").slice(0, 31).replace(/[\ud800-\udbff]$/, "").replace(/'+$/, "") || "Sheet";
  const letter = (column) => String.fromCharCode(65 + column % 26);
  const address = (column, row) => (column > 25 ? letter(Math.floor(column / 26) - 1) : "") + letter(column) + row;

  // Parts of a text that fit into a cell; no sign of two halves is cut.
  function pieces(text) {
    const parts = [];
    for (let rest = String(text || ""); rest;) {
      const end = /[\ud800-\udbff]/.test(rest[LONGEST - 1]) && rest.length > LONGEST ? LONGEST - 1 : LONGEST;
      parts.push(rest.slice(0, end));
      rest = rest.slice(end);
    }
    return parts;
  }

  /* --- Styles: the first five, then one for each form of number --- */

  const FIXED = ["", "title", "head", "link", "formula"];
  const number = (format, i) => `<numFmt numFmtId="${164 + i}" formatCode="${format}"/>`;
  const WRAPPED = '<alignment vertical="top" wrapText="1"/>';
  const look = (format, font, fill, more, wrapped = WRAPPED) =>
    `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0" applyNumberFormat="1" ` +
    `applyFont="1" applyFill="1" applyAlignment="1"${more}>${wrapped}</xf>`;

  const styles = (formats) => `${HEAD}<styleSheet xmlns="${MAIN}">` +
    (formats.length ? `<numFmts count="${formats.length}">${formats.map(number).join("")}</numFmts>` : "") +
    '<fonts count="4"><font><sz val="11"/><name val="Calibri"/></font>' +
    '<font><b/><sz val="14"/><name val="Calibri"/></font>' +
    '<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font>' +
    '<font><u/><sz val="11"/><color rgb="FF1D3557"/><name val="Calibri"/></font></fonts>' +
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
    '<fill><patternFill patternType="solid"><fgColor rgb="FF1D3557"/></patternFill></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${FIXED.length + formats.length}">` + look(0, 0, 0, "") +
    look(0, 1, 0, "", '<alignment vertical="top"/>') + look(0, 2, 2, "") + look(0, 3, 0, "") +
    look(49, 0, 0, ' quotePrefix="1"') + formats.map((_, i) => look(164 + i, 0, 0, "")).join("") +
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';

  /* --- Sheets --- */

  const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
  const PART = "application/vnd.openxmlformats-officedocument.spreadsheetml";

  function cell(text, place, style, typed, formats) {
    const digits = text.replace(/,/g, "");
    const found = typed && text.match(NUMBER);
    if (found && digits.replace(/\D/g, "").length <= 15) {
      const format = (text.includes(",") ? "#,##0" : "0") + (found[1] ? "." + "0".repeat(found[1].length) : "");
      if (!formats.includes(format)) formats.push(format);
      return `<c r="${place}" s="${FIXED.length + formats.indexOf(format)}"><v>${digits}</v></c>`;
    }
    const own = style === "" && FORMULA.test(text) ? "formula" : style;
    return `<c r="${place}" s="${FIXED.indexOf(own)}" t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`;
  }

  function sheet({ widths, rows }, formats) {
    const lines = [];
    const links = [];
    for (const { texts, kind = "", typed = false, link = [] } of rows) {
      const parts = texts.map(pieces);
      for (let i = 0; i < Math.max(1, ...parts.map((part) => part.length)); i++) {
        const row = lines.length + 1;
        const cells = parts.map((part, column) => (part[i] === undefined ? "" :
          cell(part[i], address(column, row), link[0] === column ? "link" : kind, typed && !kind, formats)));
        lines.push(`<row r="${row}">${cells.join("")}</row>`);
        if (link.length && !i)
          links.push(`<hyperlink ref="${address(link[0], row)}" location="${xml(`'${link[1].replace(/'/g, "''")}'!A1`)}"/>`);
      }
    }
    const columns = widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`);
    return `${HEAD}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>` +
      `<cols>${columns.join("")}</cols><sheetData>${lines.join("")}</sheetData>` +
      (links.length ? `<hyperlinks>${links.join("")}</hyperlinks>` : "") +
      '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>';
  }

  function book(sheets) {
    const formats = [];
    const files = sheets.map((one, i) => [`xl/worksheets/sheet${i + 1}.xml`, sheet(one, formats)]);
    const each = (write) => sheets.map((one, i) => write(one, i + 1)).join("");
    const relation = (id, kind, target) => `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
    const relations = (inner) => `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${inner}</Relationships>`;
    return window.liveshop.zip({
      "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ` +
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        '<Default Extension="xml" ContentType="application/xml"/>' +
        `<Override PartName="/xl/workbook.xml" ContentType="${PART}.sheet.main+xml"/>` +
        `<Override PartName="/xl/styles.xml" ContentType="${PART}.styles+xml"/>` +
        each((_, i) => `<Override PartName="/xl/worksheets/sheet${i}.xml" ContentType="${PART}.worksheet+xml"/>`) +
        "</Types>",
      "_rels/.rels": relations(relation("rId1", "officeDocument", "xl/workbook.xml")),
      "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
        each((one, i) => `<sheet name="${xml(one.name)}" sheetId="${i}" r:id="rId${i}"/>`) + "</sheets></workbook>",
      "xl/_rels/workbook.xml.rels": relations(each((_, i) => relation(`rId${i}`, "worksheet", `worksheets/sheet${i}.xml`)) +
        relation(`rId${sheets.length + 1}`, "styles", "styles.xml")),
      "xl/styles.xml": styles(formats),
      ...Object.fromEntries(files),
    }, `${PART}.sheet`);
  }

  window.liveshop.excel = { name, book };
})();
