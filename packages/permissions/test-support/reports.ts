import type { Report } from '../src/report/report.js';
import { validate } from '../src/validation/validate.js';

/** Validates texts, and returns a report on them. */
export const report = (...files: (readonly [file: string, text: string])[]): Report => {
  const read = files.map(([file, text]) => ({ file, ...validate(text, file) }));
  return {
    files: read.map(({ file, text }) => ({ file, text })),
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
  };
};

/** A report with an error, a security finding, and a file without findings. */
export const plain = report(
  ['perms.json', '{\n  "api": {\n    "instances_read": {}\n  }\n}\n'],
  ['ci/other.json', '{ "api": { "billing_write": {} } }'],
  ['valid.json', '{ "api": { "billing_read": {} } }'],
);

/** Names and contents that try to break out of every format. */
export const hostile = report(
  [
    'a:b,c%0A::error::x\n::stop-commands::y\u001b[2J".json',
    '{\n\t"\u001b[31m\u009b2J\u202e\u3164\u{e0061}]]>&<\'\\"%0A::error::": 1,\r\n "x\u0000\ufffe": {}\n}',
  ],
  ['-', ''],
  ['', '{ "api": { "<&\\"\\u0001\\ud800": {} } }'],
  ['C:\\Users\\é\\p.json', 'x'.repeat(5000)],
);
