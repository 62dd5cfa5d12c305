import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { isObject } from '../json/json-object.js';
import type { LoggedCall } from './audit-log.js';
import { recordingLine } from './recording.js';
import { RecordingReader } from './recording-reader.js';
import { type ReplayedCall, replay } from './replay.js';
import { suggest } from './suggest.js';
import { usesOf } from './used-grants.js';

const SEED = Number(process.env.VASTAI_TEST_SEED ?? 16);
const GRANTABLE = OPERATIONS.filter(({ category }) => category !== 'unknown');
const WITH_NAME = GRANTABLE.filter(({ endpoint }) => endpoint !== undefined);
/** Ids that servers could read in more than one way are among them. */
const id = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map(String),
  fc.maxSafeNat().map(String),
  fc.constantFrom('05', '5e0', ' 5', '-1', '1.5', '9007199254740993', 'abc', 'ABC', '5*', '1-9', '', 'true'),
);
const operation = fc.oneof(fc.constantFrom(...GRANTABLE), fc.constantFrom(...WITH_NAME));
const made = operation.chain((one) =>
  fc.record({
    one: fc.constant(one),
    ids: fc.record(Object.fromEntries(one.parameters.map((name) => [name, id])), {
      requiredKeys: [],
    }) as fc.Arbitrary<Record<string, string>>,
  }),
);
const recording = fc.array(made, { minLength: 1, maxLength: 8 });

interface MadeCall {
  readonly one: Operation;
  readonly ids: Readonly<Record<string, string>>;
}

/** Writes calls as a broker does, and reads them again. */
function recorded(calls: readonly MadeCall[]): LoggedCall[] {
  const reader = new RecordingReader();
  const rest = { time: 1, verdict: 'allow', status: 200, ms: 1 } as const;
  for (const { one, ids } of calls) reader.add(Buffer.from(recordingLine({ ...one, ...rest, ids })));
  reader.endRecording();
  return reader.calls('allowed');
}

const documentFor = (calls: readonly LoggedCall[]) =>
  suggest(calls.flatMap(({ candidates }) => candidates)).document;
const refusedBy = (document: unknown, calls: readonly LoggedCall[]): ReplayedCall[] =>
  replay(document, { calls }).filter(({ verdict }) => verdict !== 'allow');

/**
 * Returns "api" without each of its parts in turn, and with each limit on an id moved. A category is never left empty, which
 * would grant all of it.
 */
function smaller(value: unknown, isApi = true): unknown[] {
  if (!isObject(value)) return [];
  const parts = Object.entries(value);
  return parts.flatMap(([key, part]) => {
    const rest = Object.fromEntries(parts.filter(([other]) => other !== key));
    if (key === 'constraints') return tighter(part).map((tight) => ({ ...rest, constraints: tight }));
    const without = isApi || parts.length > 1 ? [rest] : [];
    return [...without, ...smaller(part, false).map((less) => ({ ...value, [key]: less }))];
  });
}

function tighter(constraints: unknown): unknown[] {
  return Object.entries(constraints as Record<string, Record<string, string | number>>).flatMap(
    ([name, condition]) =>
      Object.entries(condition).map(([operator, operand]) => {
        const moved = operator === 'lte' ? -1 : 1;
        const other = typeof operand === 'number' ? operand + moved : `${operand}x`;
        return { ...(constraints as object), [name]: { ...condition, [operator]: other } };
      }),
  );
}

describe(`a document from a recording (seed ${SEED})`, () => {
  const budget = { numRuns: 500, seed: SEED };

  it('allows every recorded call', () => {
    fc.assert(
      fc.property(recording, (made) => {
        const calls = recorded(made);
        expect(refusedBy(documentFor(calls), calls)).toEqual([]);
      }),
      budget,
    );
  });

  it('refuses a recorded call once any part of it is taken away, or a limit is moved', () => {
    fc.assert(
      fc.property(recording, (made) => {
        const calls = recorded(made);
        const { api } = documentFor(calls);
        const parts = smaller(api);
        expect(parts.length).toBeGreaterThan(0);
        for (const less of parts) expect(refusedBy({ api: less }, calls)).not.toEqual([]);
      }),
      budget,
    );
  });

  it('has no grant that no recorded call used', () => {
    fc.assert(
      fc.property(recording, (made) => {
        const calls = recorded(made);
        const document = documentFor(calls);
        const uses = usesOf(document, replay(document, { calls }));
        expect(uses.length).toBeGreaterThan(0);
        expect(uses.filter((use) => use.calls.length === 0)).toEqual([]);
      }),
      budget,
    );
  });

  it('is the same in any order, and whatever is recorded again', () => {
    fc.assert(
      fc.property(recording, (made) => {
        const document = documentFor(recorded(made));
        expect(documentFor(recorded([...made, ...made].reverse()))).toEqual(document);
      }),
      budget,
    );
  });

  it('works for each operation of the catalogue alone', () => {
    for (const one of GRANTABLE) {
      const ids = Object.fromEntries(one.parameters.map((name) => [name, '42']));
      const calls = recorded([{ one, ids }]);
      const document = documentFor(calls);
      expect(Object.keys(document.api)).toEqual([one.category]);
      expect(refusedBy(document, calls)).toEqual([]);
      const other = recorded([{ one, ids: Object.fromEntries(one.parameters.map((name) => [name, '43'])) }]);
      if (one.endpoint !== undefined && one.parameters.length > 0)
        expect(refusedBy(document, other)).toMatchObject([{ verdict: 'deny' }]);
    }
  });
});
