import { describe, expect, it } from 'vitest';
import { naiveNewAccess, naiveVerdict, text, type Values } from '../../test-support/naive-decision.js';
import { RandomDocuments } from '../../test-support/random-documents.js';
import { findOperation, operationNamed } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { decideOperation } from '../decision/decide.js';
import { readCondition } from '../document/condition.js';
import { doubtAbout } from '../document/doubt.js';
import { judge } from '../document/judge.js';
import { type AccessChange, isNew } from './access-change.js';
import { diffDocuments } from './diff.js';

/** How many pairs to compare, and from which seed. `VASTAI_TEST_SEED` repeats a run. */
const PAIRS = 100_000;
const SEED = Number(process.env.VASTAI_TEST_SEED ?? Date.now() % 2 ** 31);
/** The requests to try for each pair, until a reading allows one only in the second document. */
const REQUESTS = 2;
/** One pair in so many is compared although no reading showed new access, to see that diff does not find it everywhere. */
const PRECISION_SAMPLE = 10;
const LIMIT_MS = 240_000;

/** Reads the values of a request as a server does: those in the path are strings. */
function valuesOf({ name, request }: AccessChange): Values {
  const found = findOperation(request?.method ?? '', request?.path ?? '');
  if (found?.operation.operation !== name) expect.fail(`${text(request)} is not a request to ${name}`);
  return { ...request?.parameters, ...found?.parameters };
}

/** Returns a random request that some reading allows only in the second document, if one of those tried is such. */
function newRequest(random: RandomDocuments, before: unknown, after: unknown): string | undefined {
  for (let tried = 0; tried < REQUESTS; tried += 1) {
    const [operation, values] = [random.operation(), random.values()];
    if (naiveNewAccess(before, after, operation, values))
      return `${operation.operation} with ${text(values)}`;
  }
  return undefined;
}

describe(`for ${PAIRS} random pairs from seed ${SEED}`, () => {
  it(
    'finds new access in each pair of which some reading allows a request only in the second',
    () => {
      const random = new RandomDocuments(SEED);
      let without = 0;
      for (let index = 0; index < PAIRS; index += 1) {
        const [before, after] = random.pair();
        // Comparing takes much longer than reading, so only what has to differ is compared.
        const request = newRequest(random, before, after);
        if (request === undefined && index % PRECISION_SAMPLE !== 0) continue;
        if (diffDocuments(before, after).changes.some(isNew)) continue;
        without += 1;
        if (request !== undefined)
          expect.fail(`${request} from ${text(before)} to ${text(after)} (seed ${SEED})`);
      }
      // Without precision, the test would find nothing.
      expect(without).toBeGreaterThan(PAIRS / PRECISION_SAMPLE / 10);
    },
    LIMIT_MS,
  );

  it(
    'shows requests that only the second allows, or may allow',
    () => {
      const random = new RandomDocuments(SEED + 1);
      const shown = { certain: 0, uncertain: 0 };
      for (let index = 0; index < PAIRS / 10; index += 1) {
        const [before, after] = random.pair();
        for (const change of diffDocuments(before, after).changes) {
          const operation = operationNamed(change.name);
          if (change.request === undefined || operation === undefined) continue;
          if (!isNew(change)) expect.fail(`a request without new access: ${text(change)}`);
          // Operations without an endpoint name are many, and all alike.
          if (operation.endpoint === undefined && random.operation() !== operation) continue;
          shown[change.certain ? 'certain' : 'uncertain'] += 1;
          const values = valuesOf(change);
          const verdicts = verdictsOf(change, before, after, operation, values);
          // What to say is written only for a failure, since there are many changes.
          if (verdicts !== 'right')
            expect.fail(`${verdicts}: ${text(change)} from ${text(before)} to ${text(after)} (seed ${SEED})`);
        }
      }
      expect(shown.certain).toBeGreaterThan(PAIRS / 200);
      expect(shown.uncertain).toBeGreaterThan(PAIRS / 200);
    },
    LIMIT_MS,
  );
});

const PROBES = [...Array(30).keys()].map((index) => index - 10).concat([2 ** 53]);

/** Writes documents in the same way if they surely mean the same: conditions by what meets them, and empty constraints. */
function normal(document: unknown): string {
  const written = JSON.stringify(document ?? null, (key, value) => {
    const condition = readCondition(value);
    const isClear =
      condition !== undefined &&
      Object.keys(condition).length > 0 &&
      doubtAbout('id', condition) === undefined;
    if (isClear && key !== 'constraints')
      return [...PROBES, 'abc', 'Abc', ''].map((one) => judge(one, condition)).join();
    return value;
  });
  return text(JSON.parse(written))
    .replace(/^false$/u, 'null')
    .replace(/\{"constraints":\{\}\}/gu, '{}');
}

it(`finds a change between any two of ${PAIRS / 10} documents that are not the same (seed ${SEED})`, () => {
  const random = new RandomDocuments(SEED + 2);
  for (let index = 0; index < PAIRS / 10; index += 1) {
    const [before, after] = random.pair();
    if (diffDocuments(before, after).changes.length > 0) continue;
    const [was, is] = [before, after].map((one) => normal(withoutSchema(one)));
    expect(was, `seed ${SEED}`).toBe(is);
  }
});

function withoutSchema(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || !('api' in document)) return document;
  const { $schema: _, ...rest } = document as { $schema?: unknown };
  return rest;
}

/** Judges a certain change by every reading, and an uncertain one by what `decide` is sure of. */
function verdictsOf(
  { certain }: AccessChange,
  before: unknown,
  after: unknown,
  operation: Operation,
  values: Values,
): string {
  const verdict = (document: unknown) =>
    certain
      ? naiveVerdict(document, operation, values)
      : decideOperation(document, operation.operation, values).verdict;
  const [was, is] = [verdict(before), verdict(after)];
  const isRight = certain ? was === 'deny' && is === 'allow' : was !== 'allow' && is !== 'deny';
  return isRight ? 'right' : `${was}, then ${is}`;
}
