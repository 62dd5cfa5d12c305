import { describe, expect, it } from 'vitest';
import { readTestFile, runTestCases } from './test-cases.js';

const problems = (value: unknown): unknown => {
  const read = readTestFile(value);
  return 'problems' in read ? read.problems : read;
};

describe('readTestFile', () => {
  it('reads an array of cases, or an object with a document and cases', () => {
    const cases = [{ operation: 'instance.destroy', expect: 'deny' }];
    const read = [
      {
        name: 'instance.destroy',
        ask: 'operation',
        subject: 'instance.destroy',
        parameters: {},
        expect: 'deny',
      },
    ];
    expect(readTestFile(cases)).toEqual({ cases: read });
    expect(readTestFile({ document: 'perms.json', cases })).toEqual({ document: 'perms.json', cases: read });
    expect(readTestFile({ document: { api: {} }, cases })).toEqual({ document: { api: {} }, cases: read });
  });

  it('reports what is wrong with every case', () => {
    expect(
      problems([
        { request: 'GET /x', command: 'y', expect: 'allow' },
        { expect: 'allow' },
        { request: 'GET x', expect: 'allow' },
        { command: 'fly', expect: 'allow' },
        { operation: 'a.b', expect: 'allow' },
        { operation: 'instance.show', expect: 'maybe' },
        { operation: 'instance.show', expect: 'deny', parameters: { id: [] } },
        { operation: 5, expect: 'deny' },
        null,
      ]),
    ).toEqual([
      'Case 1: needs exactly one of "request", "command" and "operation".',
      'Case 2: needs exactly one of "request", "command" and "operation".',
      'Case 3: "request" must be a method and a path.',
      'Case 4: unknown command "fly".',
      'Case 5: unknown operation "a.b".',
      'Case 6: "expect" must be "allow", "deny" or "unknown".',
      'Case 7: "parameters" must be an object of strings, numbers and booleans.',
      'Case 8: "operation" must be a string.',
      'Case 9: needs exactly one of "request", "command" and "operation".',
    ]);
  });

  it('names a key that a case does not have, such as a misspelled one', () => {
    const one = { operation: 'instance.show', expect: 'deny' };
    expect(
      problems([
        { ...one, params: { id: 5 } },
        JSON.parse('{"request":"GET /x","expect":"deny","__proto__":1}'),
      ]),
    ).toEqual(
      ['params', '__proto__'].map(
        (key, index) =>
          `Case ${index + 1}: unknown key "${key}". A case has "expect", one of "request", "command" and "operation", and optionally "name" and "parameters".`,
      ),
    );
  });

  it('says that a file has no cases', () => {
    for (const value of [[], { cases: [] }]) expect(problems(value)).toEqual(['It has no cases.']);
  });

  it.each([[null], ['x'], [{}], [{ cases: 'x' }]])('says that %j is not a test file', (value) => {
    expect(problems(value)).toEqual(['It must be an array of cases, or an object with "cases".']);
  });

  it('requires the document to be a file name or an object', () => {
    expect(problems({ document: 5, cases: [{ operation: 'instance.show', expect: 'deny' }] })).toEqual([
      '"document" must be a file name, a reference such as preset:NAME, or a permission document.',
    ]);
  });
});

describe('runTestCases', () => {
  it('decides on requests, commands and operations', () => {
    const read = readTestFile([
      { name: 'one of ours', request: 'DELETE /api/v0/instances/5/', expect: 'allow' },
      { request: 'DELETE /api/v0/instances/6/', expect: 'deny' },
      { command: 'destroy instance', parameters: { id: 5 }, expect: 'allow' },
      { operation: 'instance.destroy', expect: 'allow' },
    ]);
    const cases = 'cases' in read ? read.cases : [];
    const document = {
      api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } },
    };
    expect(runTestCases(document, cases).map(({ name, passed, verdict }) => [name, passed, verdict])).toEqual(
      [
        ['one of ours', true, 'allow'],
        ['DELETE /api/v0/instances/6/', true, 'deny'],
        ['destroy instance', true, 'allow'],
        ['instance.destroy', false, 'unknown'],
      ],
    );
  });
});
