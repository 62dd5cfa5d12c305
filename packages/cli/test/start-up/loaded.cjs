// Loaded into a process before its program: writes what the program loaded into the file that LOADED names.
const { writeFileSync } = require('node:fs');
const Module = require('node:module');
const { LOADED } = process.env;

const builtins = new Set();
const load = Module._load;
Module._load = function (request, ...others) {
  if (Module.isBuiltin(request)) builtins.add(request.replace(/^node:/, ''));
  return load.call(this, request, ...others);
};

process.on('exit', () => {
  const files = Object.keys(require.cache).filter((file) => file !== __filename);
  writeFileSync(LOADED, JSON.stringify({ builtins: [...builtins], files }));
});
