// Passes random files to everything that reads a permission document, and stops at the first crash.
// Usage, after a build: node packages/permissions/fuzz/fuzz.mjs [COUNT] [SEED]
import fc from 'fast-check';
import { readAuditLog } from '../dist/authoring/audit-log.js';
import { RecordingReader } from '../dist/authoring/recording-reader.js';
import { tighten } from '../dist/authoring/tighten.js';
import { readAction } from '../dist/decision/action.js';
import { decideAction } from '../dist/decision/decide.js';
import { diffDocuments } from '../dist/diff/diff.js';
import { diffText } from '../dist/diff/diff-text.js';
import { explain } from '../dist/explain/explain.js';
import { explanationText } from '../dist/explain/explain-text.js';
import { fixDocument } from '../dist/fix/fix.js';
import { locate } from '../dist/json/locate.js';
import { baselineOf, beyondBaseline } from '../dist/report/baseline.js';
import { compactFormat } from '../dist/report/formats/compact.js';
import { githubFormat } from '../dist/report/formats/github.js';
import { jsonReport } from '../dist/report/formats/json.js';
import { junitFormat } from '../dist/report/formats/junit.js';
import { prettyFormat } from '../dist/report/formats/pretty.js';
import { sarifFormat } from '../dist/report/formats/sarif.js';
import { validate } from '../dist/validation/validate.js';
import { anyFile } from './documents.mjs';

const LOG = readAuditLog([{ api_route: '/api/v0/instances/5/' }, { api_route: 'POST /api/v0/ssh/' }]);
const total = Number(process.argv[2] ?? 1_000_000);
const firstSeed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const batch = 1000;

function readEverything(file) {
  const { document, diagnostics, text } = validate(file, 'fuzz.json');
  if ((document === undefined) !== diagnostics.some(({ severity }) => severity === 'error')) {
    throw new Error('a document despite an error, or no document and no error');
  }
  const fixed = fixDocument(file);
  if (fixDocument(fixed.text).fixes.length > 0 && fixed.fixes.length > 0)
    throw new Error('a second fix after the first');
  if (beyondBaseline(diagnostics, baselineOf(diagnostics)).length > 0)
    throw new Error('a finding that its own baseline does not accept');
  for (const { path } of diagnostics.slice(0, 3)) locate(text, path);
  const value = document ?? loosely(text);
  decideAction(value, readAction('command', 'destroy instance', { id: 5 }));
  tighten(value, LOG);
  const reader = new RecordingReader();
  reader.add(typeof file === 'string' ? Buffer.from(file) : file);
  reader.endRecording();
  return { value, report: { files: [{ file: 'fuzz.json', text }], diagnostics } };
}

/** Runs the slower functions, which need fewer documents. */
function showEverything({ value, report }, before) {
  for (const line of prettyFormat(report)) if (line.kind === 'sized') line.textFor(40);
  for (const format of [compactFormat, jsonReport, githubFormat, sarifFormat]) format(report);
  junitFormat(report, { command: 'fuzz', isFailure: () => true, timestamp: '2026-01-01T00:00:00' });
  explanationText(explain(value));
  diffText(diffDocuments(before, value));
  if (diffDocuments(value, value).changes.length > 0) throw new Error('a document that differs from itself');
}

/** Parses a document that has errors, since the server may store one. */
function loosely(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

console.log(`${total} documents from seed ${firstSeed}`);
let before = {};
for (let done = 0; done < total; done += batch) {
  const seed = firstSeed + done / batch;
  const files = fc.sample(anyFile, { numRuns: Math.min(batch, total - done), seed });
  for (const [index, file] of files.entries()) {
    try {
      const read = readEverything(file);
      if (index % 10 === 0) showEverything(read, before);
      before = read.value;
    } catch (error) {
      console.error(
        `seed ${seed}, document ${index}: ${JSON.stringify(typeof file === 'string' ? file : [...file])}`,
      );
      throw error;
    }
  }
  if ((done / batch) % 100 === 99) console.log(`${done + batch} read`);
}
console.log('No crash.');
