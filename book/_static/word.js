/* A Word document (docx) made in the page, without a library: a zip of stored entries that holds WordprocessingML.

   window.liveshop.word(title, blocks)   a Blob. A block is one of
     {heading: text, level: 1 to 3, place: name}  `place` is what a link leads to
     {link: text, place: name}                    with the number of the page, which Word fills in
     {paragraph: text, name: text, quiet: true,   `name` stands before it in bold,
      links: [[text, place]]}                     and links after it
     {tick: text, done: true}
     {table: [[text]], plain: true, tall: true}   the first row holds the headings, unless it is plain;
                                                  tall: rows to write into by hand
   Text is text: no markup in it works, signs that XML forbids are left out, and a cell of a table that a spreadsheet
   would run as a formula, once it is pasted there, gets an apostrophe.
   window.liveshop.word.xml(text)        a text as XML holds it */
(function () {
  "use strict";

  /* --- Text --- */

  const SIGNS = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" };
  const xml = (text) => String(text).replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\ud800-\udfff]/g, "")
    .replace(/[<>&"]/g, (sign) => SIGNS[sign]);
  // What a spreadsheet takes for a formula; numbers alone, such as -5 or +3 % to +8 %, run nothing.
  const FORMULA = /^\s*[=+\-@＝＋－＠]/;
  const NUMBERS = /^\s*[+-](?:[\d.,\s%()+–−-]|to)*$/;
  const safe = (text) => (FORMULA.test(text) && !NUMBERS.test(text) ? "'" + text : text);

  /* --- WordprocessingML --- */

  const run = (text, style = "") => String(text).split("\n").map((line, i) =>
    `<w:r>${style && `<w:rPr>${style}</w:rPr>`}${i ? "<w:br/>" : ""}` +
    `<w:t xml:space="preserve">${xml(line)}</w:t></w:r>`).join("");
  const paragraph = (inner, style = "") =>
    `<w:p>${style && `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}${inner}</w:p>`;

  function table({ table: lines, plain = false, tall = false }) {
    const [head, ...rows] = plain ? [lines[0], ...lines] : lines;
    const side = (name) => `<w:${name} w:val="single" w:sz="4" w:space="0" w:color="999999"/>`;
    const borders = ["top", "left", "bottom", "right", "insideH", "insideV"].map(side).join("");
    const cell = (text, style) =>
      `<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>${paragraph(run(safe(text || ""), style))}</w:tc>`;
    const line = (cells, style, mark) => `<w:tr>${mark}${head.map((_, i) => cell(cells[i], style)).join("")}</w:tr>`;
    return `<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>${borders}</w:tblBorders></w:tblPr>` +
      `<w:tblGrid>${"<w:gridCol/>".repeat(head.length)}</w:tblGrid>` +
      (plain ? "" : line(head, "<w:b/>", "<w:trPr><w:tblHeader/></w:trPr>")) +
      rows.map((cells) => line(cells, "", tall ? '<w:trPr><w:trHeight w:val="510"/></w:trPr>' : "")).join("") +
      "</w:tbl>" + paragraph("");
  }

  let places = 0;
  function heading({ heading: text, level, place }) {
    places += 1;
    return paragraph(place ? `<w:bookmarkStart w:id="${places}" w:name="${place}"/>${run(text)}` +
      `<w:bookmarkEnd w:id="${places}"/>` : run(text), `Heading${level}`);
  }

  const link = ({ link: text, place }) => '<w:p><w:pPr><w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9600"/>' +
    `</w:tabs><w:spacing w:after="0"/></w:pPr><w:hyperlink w:anchor="${place}">${run(text)}</w:hyperlink><w:r><w:tab/></w:r>` +
    `<w:fldSimple w:instr="PAGEREF ${place} \\h" w:dirty="true"><w:r><w:t></w:t></w:r></w:fldSimple></w:p>`;

  function block(one) {
    if (one.heading !== undefined) return heading(one);
    if (one.link !== undefined) return link(one);
    if (one.tick !== undefined) return paragraph(run(`${one.done ? "☒" : "☐"} ${one.tick}`));
    if (one.table) return table(one);
    const links = (one.links || []).map(([text, place], i) =>
      `${i ? run(", ") : ""}<w:hyperlink w:anchor="${place}">${run(text)}</w:hyperlink>`).join("");
    return paragraph((one.name ? run(`${one.name}: `, "<w:b/>") : "") + run(one.paragraph, one.quiet ? "<w:i/>" : "") + links);
  }

  const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
  const WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
  const PART = "application/vnd.openxmlformats-officedocument.wordprocessingml";

  const TYPES = `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ` +
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    `<Override PartName="/word/document.xml" ContentType="${PART}.document.main+xml"/>` +
    `<Override PartName="/word/styles.xml" ContentType="${PART}.styles+xml"/></Types>`;
  const relation = (kind, target) => `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">` +
    `<Relationship Id="rId1" Type="${OFFICE}/${kind}" Target="${target}"/></Relationships>`;

  const style = (id, name, paragraphs, letters) =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>` +
    `<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr>${paragraphs}</w:pPr><w:rPr>${letters}</w:rPr></w:style>`;
  const level = (n, before, size) => style(`Heading${n}`, `heading ${n}`, "<w:keepNext/>" +
    `<w:spacing w:before="${before}" w:after="80"/><w:outlineLvl w:val="${n - 1}"/>`, `<w:b/><w:sz w:val="${size}"/>`);
  const STYLES = `${HEAD}<w:styles xmlns:w="${WORD}"><w:docDefaults><w:rPrDefault><w:rPr>` +
    '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Microsoft YaHei" w:cs="Calibri"/><w:sz w:val="21"/>' +
    '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="80"/></w:pPr></w:pPrDefault></w:docDefaults>' +
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>' +
    level(1, 0, 36) + level(2, 400, 30) + level(3, 320, 26) + "</w:styles>";

  const body = (title, blocks) => `${HEAD}<w:document xmlns:w="${WORD}"><w:body>` +
    [{ heading: title, level: 1 }, ...blocks].map(block).join("") +
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" ' +
    'w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>';

  window.liveshop = window.liveshop || {};
  window.liveshop.word = (title, blocks) => window.liveshop.zip({
    "[Content_Types].xml": TYPES,
    "_rels/.rels": relation("officeDocument", "word/document.xml"),
    "word/document.xml": body(title, blocks),
    "word/_rels/document.xml.rels": relation("styles", "styles.xml"),
    "word/styles.xml": STYLES,
  }, `${PART}.document`);
  window.liveshop.word.xml = xml;
})();
