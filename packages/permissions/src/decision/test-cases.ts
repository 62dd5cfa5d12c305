import { isScalar } from '../document/condition.js';
import { fieldsOf, isObject } from '../json/json-object.js';
import { quote } from '../json/quote.js';
import { type ActionKind, type Parameters, readAction } from './action.js';
import { combineDecisions, type Decision, decideAction } from './decide.js';

/** Says what a document should allow or deny. */
export interface TestCase {
  /** As given, or what is asked. */
  readonly name: string;
  readonly ask: ActionKind;
  /** Such as `DELETE /api/v0/instances/5/`, `destroy instance` or `instance.destroy`. */
  readonly subject: string;
  readonly parameters: Parameters;
  readonly expect: 'allow' | 'deny' | 'unknown';
}

export interface TestFile {
  /** The path of a permission file, the name of a preset after `preset:`, or a document itself; absent if the file names none. */
  readonly document?: string | Readonly<Record<string, unknown>>;
  readonly cases: readonly TestCase[];
}

export interface TestResult extends TestCase {
  readonly passed: boolean;
  readonly verdict: Decision['verdict'];
  readonly reason: string;
}

/**
 * Reads the cases of a test file, which is a list of cases or `{ document, cases }`. A case is
 * `{ request | command | operation, expect: allow | deny | unknown, name?, parameters? }`.
 *
 * @param value the parsed YAML or JSON
 * @returns the problems, each a sentence, where it is not one
 */
export function readTestFile(value: unknown): TestFile | { readonly problems: readonly string[] } {
  const { document, cases } = Array.isArray(value) ? { document: undefined, cases: value } : fieldsOf(value);
  if (!Array.isArray(cases) || cases.length === 0) {
    return { problems: ['It must be a list of cases, or an object with "cases".'] };
  }
  const problems: string[] = [];
  const known = typeof document === 'string' || (typeof document === 'object' && document !== null);
  if (document !== undefined && !known)
    problems.push('"document" must be a file name or a permission document.');
  const read = cases.flatMap((one, index) => {
    const result = readCase(one);
    if (typeof result === 'string') problems.push(`Case ${index + 1}: ${result}`);
    return typeof result === 'string' ? [] : [result];
  });
  if (problems.length > 0) return { problems };
  return { ...(known ? { document: document as NonNullable<TestFile['document']> } : {}), cases: read };
}

/** Reads a case, or says what is wrong with it. */
function readCase(value: unknown): TestCase | string {
  const { name, expect, parameters = {}, ...asks } = fieldsOf(value);
  const [ask, ...others] = Object.keys(asks);
  if (others.length > 0 || (ask !== 'request' && ask !== 'command' && ask !== 'operation')) {
    return 'it needs exactly one of "request", "command" and "operation".';
  }
  const subject = asks[ask];
  if (typeof subject !== 'string') return `"${ask}" must be a string.`;
  if (expect !== 'allow' && expect !== 'deny' && expect !== 'unknown') {
    return '"expect" must be "allow", "deny" or "unknown".';
  }
  if (!isParameters(parameters)) return '"parameters" must be an object of strings, numbers and booleans.';
  // A name that the catalogue does not have is a mistake in the test, not a finding.
  const action = readAction(ask, subject);
  if ('problem' in action) {
    return ask === 'request' ? '"request" must be a method and a path.' : `unknown ${ask} ${quote(subject)}.`;
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
