/* A zip made in the page, without a library: its entries are stored and not compressed.

   window.liveshop.zip(files, type)   a Blob; files: {name: text}, type: its media type */
(function () {
  "use strict";

  const CRC = Array.from({ length: 256 }, (_, n) => {
    for (let i = 0; i < 8; i++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
  });
  const crc = (bytes) => (bytes.reduce((sum, byte) => CRC[(sum ^ byte) & 0xff] ^ (sum >>> 8), -1) ^ -1) >>> 0;

  // Numbers of the zip format: [value, bytes], the smallest byte first.
  const pack = (...numbers) => numbers.flatMap(([value, size]) =>
    Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256));

  function zip(files, type) {
    const parts = [];
    const index = [];
    let place = 0;
    for (const [name, text] of Object.entries(files)) {
      const title = new TextEncoder().encode(name);
      const bytes = new TextEncoder().encode(text);
      // version, flags (names in UTF-8), stored, time and date (1 January 1980), sum, size twice, length of the name
      const about = [[20, 2], [0x800, 2], [0, 2], [0, 2], [0x21, 2], [crc(bytes), 4], [bytes.length, 4],
                     [bytes.length, 4], [title.length, 2], [0, 2]];
      const local = pack([0x04034b50, 4], ...about);
      parts.push(new Uint8Array(local), title, bytes);
      const entry = pack([0x02014b50, 4], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [place, 4]);
      index.push(new Uint8Array(entry), title);
      place += local.length + title.length + bytes.length;
    }
    const count = Object.keys(files).length;
    const length = index.reduce((sum, part) => sum + part.length, 0);
    const end = pack([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [length, 4], [place, 4], [0, 2]);
    return new Blob([...parts, ...index, new Uint8Array(end)], { type });
  }

  window.liveshop = window.liveshop || {};
  window.liveshop.zip = zip;
})();
