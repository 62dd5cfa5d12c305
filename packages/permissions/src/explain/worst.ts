import type { Operation } from '../catalogue/operation.js';
import { hasCapability } from '../decision/capabilities.js';
import { CAPABILITIES, CAPABILITY_WORDS, type Capability } from '../decision/capability-names.js';
import { deedOf, listInWords } from './plain-words.js';

/** Names the holder of the permissions. A role has those that its members get. */
export type Holder = 'key' | 'role';

/**
 * Says in one sentence the worst that a key or a role can do.
 *
 * @param can the operations that it can use
 * @param may those that it may be able to use
 * @param limited those of both that constraints limit
 */
export function atWorst(
  can: readonly Operation[],
  may: readonly Operation[],
  limited: ReadonlySet<Operation>,
  holder: Holder = 'key',
): string {
  const worst = worstDeeds(can, limited);
  const perhaps = worstDeeds(may, limited)
    .filter(({ capability }) => !worst.some((one) => one.capability === capability))
    .map(({ deed }) => deed);
  const uncertain = perhaps.length === 0 ? '' : `may be able to ${listInWords(perhaps)}`;
  const certain = certainly(
    can,
    worst.map(({ deed }) => deed),
    holder,
  );
  if (certain === undefined) {
    if (uncertain !== '') return `At worst, it ${uncertain}.`;
    if ([...can, ...may].every(onlyReads)) return 'It can only read, as far as is known.';
    return 'It cannot spend money, destroy anything, read secrets or change access, as far as is known.';
  }
  return uncertain === '' ? `${certain}.` : `${certain}, and ${uncertain}.`;
}

/** Returns the sentence about what is certain, without its full stop, or undefined if nothing of it matters. */
function certainly(can: readonly Operation[], worst: readonly string[], holder: Holder): string | undefined {
  const changes = can.filter((one) => !onlyReads(one));
  if (changes.length > 0 && can.every(soundsReadOnly)) {
    const deeds = changes.some(isRisky) ? [] : [deedOf(changes[0] as Operation)];
    return `This ${holder} is not read-only: it can ${listInWords([...deeds, ...worst])}`;
  }
  if (can.some((one) => hasCapability(one, 'mint-keys'))) {
    return 'At worst, it has full access: it can create keys or roles with any permission';
  }
  return worst.length === 0 ? undefined : `At worst, it can ${listInWords(worst)}`;
}

/** Returns true for an operation that changes nothing, though it may show secrets. */
function onlyReads({ risks }: Operation): boolean {
  return risks.every(({ kind }) => kind === 'read' || kind === 'shows_secrets');
}

function soundsReadOnly({ category }: Operation): boolean {
  return category.endsWith('_read');
}

/** Returns true if an operation gives a key one of the capabilities that a reviewer has to know. */
export function isRisky(operation: Operation): boolean {
  return CAPABILITIES.some((capability) => hasCapability(operation, capability));
}

interface WorstDeed {
  readonly capability: Capability;
  readonly deed: string;
}

function worstDeeds(operations: readonly Operation[], limited: ReadonlySet<Operation>): WorstDeed[] {
  return CAPABILITIES.flatMap((capability) => {
    const by = operations.filter((one) => hasCapability(one, capability));
    return by.length === 0 ? [] : [{ capability, deed: deedOfCapability(capability, by, limited) }];
  });
}

function deedOfCapability(
  capability: Capability,
  by: readonly Operation[],
  limited: ReadonlySet<Operation>,
): string {
  if (capability === 'mint-keys') return 'create keys or roles with any permission';
  if (capability !== 'destroy') return CAPABILITY_WORDS[capability];
  const has = (name: string): boolean => by.some(({ operation }) => operation === name);
  if (has('account.delete')) return 'delete the account';
  if (has('instance.destroy'))
    return by.every((one) => limited.has(one)) ? 'destroy an instance' : 'destroy instances';
  return 'delete data';
}
