import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { hostile, plain, report } from '../../../test-support/reports.js';
import { diagnosticsPage } from '../../pages/diagnostics-page.js';
import type { GateViolation } from '../gates.js';
import type { Report } from '../report.js';
import { fileUri } from './file-uri.js';
import { sarifFormat, sarifReport } from './sarif.js';

const require = createRequire(import.meta.url);
const sarifSchema = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');

const gates: GateViolation[] = [
  { gate: 'mint-keys', file: 'a b#%.json', certain: true, operations: ['apikey.create'] },
  { gate: 'destroy', file: 'a b#%.json', line: 7, certain: false, operations: [] },
  { gate: 'mint-keys', file: 'C:\\p.json', certain: true, operations: ['apikey.create'] },
];

const sarif = (one: Report): string => sarifFormat(one, '1.2.3');

describe('SARIF', () => {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  // Its draft 4 says nothing that draft 7 understands differently, but for these two keywords.
  const {
    $schema: _,
    id: __,
    ...schema
  } = JSON.parse(readFileSync(sarifSchema, 'utf8')) as Record<string, unknown>;
  const accepts = ajv.compile(schema);

  it.each([
    ['a plain report', plain],
    ['a hostile one', hostile],
    ['an empty one', { files: [], diagnostics: [] }],
    ['one with failed gates', { ...hostile, violations: gates }],
  ])('is valid according to the published schema for %s', (_, one) => {
    const valid = accepts(JSON.parse(sarif(one)));
    expect(accepts.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('has the location and the rule of each finding', () => {
    expect(sarifReport(plain, '1.2.3')).toMatchObject({
      runs: [
        {
          tool: { driver: { rules: [{ id: 'VP014' }, { id: 'VP205' }] } },
          results: [
            {
              ruleId: 'VP014',
              ruleIndex: 0,
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'perms.json' },
                    region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 21 },
                  },
                },
              ],
            },
            { ruleId: 'VP205', ruleIndex: 1, level: 'warning' },
          ],
        },
      ],
    });
  });

  it('has a failed gate as an error of its own, after the findings', () => {
    const one = sarifReport({ ...plain, violations: gates }, '1.2.3');
    const location = (uri: string, startLine: number) => [
      { physicalLocation: { artifactLocation: { uri }, region: { startLine } } },
    ];
    expect(one).toMatchObject({
      runs: [
        {
          tool: {
            driver: {
              rules: [
                { id: 'VP014' },
                { id: 'VP205' },
                { id: 'fail-on/destroy', properties: { 'security-severity': '7.1' } },
                { id: 'fail-on/mint-keys', properties: { 'security-severity': '9.8' } },
              ],
            },
          },
          results: [
            { ruleId: 'VP014', ruleIndex: 0 },
            { ruleId: 'VP205', ruleIndex: 1 },
            {
              ruleId: 'fail-on/mint-keys',
              ruleIndex: 3,
              level: 'error',
              message: { text: 'The document lets a key create API keys (mint-keys): apikey.create.' },
              locations: location('a%20b%23%25.json', 1),
            },
            { ruleId: 'fail-on/destroy', ruleIndex: 2, locations: location('a%20b%23%25.json', 7) },
            { ruleId: 'fail-on/mint-keys', ruleIndex: 3, locations: location('file:///C:/p.json', 1) },
          ],
        },
      ],
    });
  });

  const risky = report([
    'f',
    '{"api":{"instance_read":{},"user_write":{},"misc":{},"billing_read":{"api.billing.one":{}}}}',
  ]);
  const { driver, results } = (() => {
    const [run] = sarifReport(risky, '1.2.3').runs as [
      {
        tool: { driver: Readonly<Record<string, unknown>> & { rules: SarifRule[] } };
        results: { ruleId: string; level: string }[];
      },
    ];
    return { driver: run.tool.driver, results: run.results };
  })();
  interface SarifRule {
    readonly id: string;
    readonly helpUri: string;
    readonly help: { readonly text: string; readonly markdown: string };
    readonly properties: Readonly<Record<string, unknown>>;
  }

  it('says which version found what', () => {
    expect(driver.version).toBe('1.2.3');
  });

  it('tells a key that creates keys from one that only plans a maintenance', () => {
    const levels = Object.fromEntries(results.map(({ ruleId, level }) => [ruleId, level]));
    expect(levels).toMatchObject({ VP201: 'error', VP205: 'warning', VP101: 'warning', VP207: 'note' });
    const ranks = Object.fromEntries(
      driver.rules.map(({ id, properties }) => [id, Number(properties['security-severity'])]),
    );
    expect(ranks.VP201).toBeGreaterThan(9);
    expect(ranks.VP205).toBeLessThan(Number(ranks.VP201));
    expect(ranks.VP207).toBeLessThan(4);
    expect(ranks.VP101).toBeNaN();
  });

  it('links each rule to its own place in the documentation, which exists', () => {
    const page = diagnosticsPage();
    for (const { id, help, helpUri } of driver.rules) {
      const [, anchor] = helpUri.split('docs/permission-diagnostics.md#');
      expect(page).toContain(`<a id="${anchor}"></a>\n\n### ${id}: `);
      expect(help.text).toContain(helpUri);
      expect(help.text).not.toContain('`');
      expect(help.markdown).not.toBe('');
    }
  });

  it.each([
    ['a b/ü.json', 'a%20b/%C3%BC.json'],
    ['/etc/p.json', 'file:///etc/p.json'],
    ['C:\\a b\\p.json', 'file:///C:/a%20b/p.json'],
    ['-', 'stdin'],
    ['x:y', 'x%3Ay'],
    ['./key:1 #%.json', 'key%3A1%20%23%25.json'],
    ['.//-a.json', '-a.json'],
    ['../a.json', '../a.json'],
    ['./', './'],
  ])('converts the file name %s to %s', (file, uri) => {
    expect(fileUri(file)).toBe(uri);
  });
});
