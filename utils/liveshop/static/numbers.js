/* window.liveshop.number(text): a number as people write it, for every box that reckons or judges.
   1,234.5, 31 %, ¥3, −3, 0,25 and full-width digits are read; value is NaN when it is none of these, and of 31 % it is
   31, with percent true: what a per cent is of, the box must know. */
(function () {
  "use strict";
  window.liveshop = window.liveshop || {};
  window.liveshop.number = function (text) {
    let plain = text.normalize("NFKC").replace(/[\s\u00a0\u2009\u202f¥]/g, "").replace(/[−–]/g, "-");
    const percent = plain.endsWith("%");
    if (percent) plain = plain.slice(0, -1);
    // Commas part thousands, or one stands for the point.
    plain = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.|$)/.test(plain) ? plain.replaceAll(",", "")
      : plain.replace(/^([+-]?\d*),(\d+)$/, "$1.$2");
    return { value: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN, percent };
  };
})();
