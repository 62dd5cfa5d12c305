#!/usr/bin/env node
// Old versions of Node can parse this file, and nothing is loaded before the check: they would end with a syntax error,
// or with a missing function of a library. The version is that of "engines" in package.json.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 20 || (major === 20 && minor >= 19)) {
  require('../dist/start.js').start();
} else {
  process.stderr.write(`vastai needs Node 20.19 or newer; this is ${process.version}.\n`);
  process.exitCode = 1;
}
