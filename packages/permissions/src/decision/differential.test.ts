import { expect, it } from 'vitest';
import { naiveVerdict, text } from '../../test-support/naive-decision.js';
import { RandomDocuments } from '../../test-support/random-documents.js';
import { accessTo } from './access.js';
import { decideOperation } from './decide.js';

/** How many decisions to compare, and from which seed. `VASTAI_TEST_SEED` repeats a run. */
const COUNT = 100_000;
const SEED = Number(process.env.VASTAI_TEST_SEED ?? Date.now() % 2 ** 31);

/**
 * Why `decide` may be unsure where every reading says the same, and in how many of 100,000 decisions at most:
 *
 * - `name`: it does not look into a part whose name may mean something else, or whether that part adds or replaces
 * - `category`: it does not try all categories for an operation whose category is unknown
 * - `endpoint_name`: it does not look at the constraints of an endpoint whose name is not published
 */
const CAUTION: Readonly<Record<string, number>> = {
  name: 7000,
  category: 1000,
  endpoint_name: 500,
};

it(`decides as a naive procedure does that tries every reading (seed ${SEED})`, () => {
  const random = new RandomDocuments(SEED);
  const seen: Record<string, number> = { allow: 0, deny: 0, unknown: 0 };
  const cautious: Record<string, number> = {};
  for (let index = 0; index < COUNT; index += 1) {
    const [document, operation, values] = [random.document(), random.operation(), random.values()];
    const { verdict } = decideOperation(document, operation.operation, values);
    const naive = naiveVerdict(document, operation, values);
    seen[naive] = (seen[naive] ?? 0) + 1;
    if (verdict === naive) continue;
    const kind = accessTo(document, operation).openBecause ?? 'none';
    const where = `${operation.operation} with ${text(values)} in ${text(document)} (seed ${SEED})`;
    // Never surer than the readings allow, and more cautious only for a reason that is known.
    expect([verdict, kind in CAUTION ? 'known' : kind], `${naive}: ${where}`).toEqual(['unknown', 'known']);
    cautious[kind] = (cautious[kind] ?? 0) + 1;
  }
  for (const [kind, count] of Object.entries(cautious)) expect(count, kind).toBeLessThan(CAUTION[kind] ?? 0);
  // The documents are worth comparing only if every answer is frequent.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(COUNT / 20);
});
