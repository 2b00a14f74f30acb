// A browser's Python under Node: node browser.mjs SETTINGS.json. Prints what the script's last line is worth.
// Settings: pyodide (its pyodide.mjs), lock (its lock file), wheels (the folder of what the lock names), packages (names
// in the lock), mounts ({path in there: folder here}), script (a file of Python).

import { readFileSync } from "node:fs";

const settings = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { loadPyodide } = await import(settings.pyodide);
const python = await loadPyodide({
  lockFileURL: settings.lock,
  packageCacheDir: settings.wheels,
  stdout: (line) => console.error(line), // what is printed in there is no result
});
const quiet = { messageCallback() {}, errorCallback: (said) => console.error(said) };
await python.loadPackage(settings.packages, quiet);
for (const [path, folder] of Object.entries(settings.mounts)) {
  python.FS.mkdirTree(path);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, path);
}
try {
  console.log(python.runPython(readFileSync(settings.script, "utf8")));
} catch (error) {
  console.error(error.message.slice(-3000)); // the traceback; the stack below it is the interpreter's own, minified
  process.exitCode = 1;
}
