import { isScalar } from '../document/condition.js';
import { fieldsOf, isObject } from '../json/json-object.js';
import { quote } from '../json/quote.js';
import { type ActionKind, type Parameters, readAction } from './action.js';
import { combineDecisions, type Decision, decideAction } from './decide.js';

/** Describes something that a document should allow or deny. */
export interface TestCase {
  /** The name in the file, or the subject. */
  readonly name: string;
  readonly ask: ActionKind;
  /** The action, such as `DELETE /api/v0/instances/5/`, `destroy instance` or `instance.destroy`. */
  readonly subject: string;
  readonly parameters: Parameters;
  readonly expect: 'allow' | 'deny' | 'unknown';
}

export interface TestFile {
  /** The path of a permission file, another reference such as `preset:NAME`, or the document itself. */
  readonly document?: string | Readonly<Record<string, unknown>>;
  readonly cases: readonly TestCase[];
}

export interface TestResult extends TestCase {
  readonly passed: boolean;
  readonly verdict: Decision['verdict'];
  readonly reason: string;
}

/**
 * Reads a test file, which is an array of cases or `{ document, cases }`. A case is
 * `{ request | command | operation, expect: allow | deny | unknown, name?, parameters? }`.
 *
 * @param value the parsed YAML or JSON
 * @returns the test file, or its problems, one sentence each
 */
export function readTestFile(value: unknown): TestFile | { readonly problems: readonly string[] } {
  const { document, cases } = Array.isArray(value) ? { document: undefined, cases: value } : fieldsOf(value);
  if (!Array.isArray(cases)) {
    return { problems: ['It must be an array of cases, or an object with "cases".'] };
  }
  if (cases.length === 0) return { problems: ['It has no cases.'] };
  const problems: string[] = [];
  const known = typeof document === 'string' || (typeof document === 'object' && document !== null);
  if (document !== undefined && !known)
    problems.push(
      '"document" must be a file name, a reference such as preset:NAME, or a permission document.',
    );
  const read = cases.flatMap((one, index) => {
    const result = readCase(one);
    if (typeof result === 'string') problems.push(`Case ${index + 1}: ${result}`);
    return typeof result === 'string' ? [] : [result];
  });
  if (problems.length > 0) return { problems };
  return { ...(known ? { document: document as NonNullable<TestFile['document']> } : {}), cases: read };
}

/** Reads a case, or returns what is wrong with it. */
function readCase(value: unknown): TestCase | string {
  const { name, expect, parameters = {}, request, command, operation, ...others } = fieldsOf(value);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    return `unknown key ${quote(unknown)}. A case has "expect", one of "request", "command" and "operation", and optionally "name" and "parameters".`;
  }
  const asks = { request, command, operation };
  const [ask, ...more] = (['request', 'command', 'operation'] as const).filter(
    (one) => asks[one] !== undefined,
  );
  if (ask === undefined || more.length > 0) {
    return 'needs exactly one of "request", "command" and "operation".';
  }
  const subject = asks[ask];
  if (typeof subject !== 'string') return `"${ask}" must be a string.`;
  if (expect !== 'allow' && expect !== 'deny' && expect !== 'unknown') {
    return '"expect" must be "allow", "deny" or "unknown".';
  }
  if (!isParameters(parameters)) return '"parameters" must be an object of strings, numbers and booleans.';
  // A name that is not in the catalogue is a mistake in the test, so it does not count as a failed case.
  const action = readAction(ask, subject);
  if ('problem' in action) {
    if (action.problem === 'unknown') return `unknown ${ask} ${quote(action.name ?? subject)}.`;
    return ask === 'request'
      ? '"request" must be a method and a path.'
      : '"command" must be a single command, without ";", "&", "|" or a line break.';
  }
  return { name: typeof name === 'string' ? name : subject, ask, subject, parameters, expect };
}

/** Runs every case against a document, in order. */
export function runTestCases(document: unknown, cases: readonly TestCase[]): TestResult[] {
  return cases.map((one) => {
    const { verdict, reason } = answer(document, one);
    return { ...one, passed: verdict === one.expect, verdict, reason };
  });
}

function answer(document: unknown, { ask, subject, parameters }: TestCase): Decision {
  const action = readAction(ask, subject, parameters);
  return combineDecisions('problem' in action ? [] : decideAction(document, action));
}

function isParameters(value: unknown): value is Parameters {
  return isObject(value) && Object.values(value).every(isScalar);
}
