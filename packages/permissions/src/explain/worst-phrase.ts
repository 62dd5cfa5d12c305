import { OPERATIONS } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { accessReader, isFullAccess, type ParameterCondition } from '../decision/access.js';
import {
  CAPABILITY_WORDS,
  type Capability,
  capabilitiesOf,
  type GrantedCapability,
} from '../decision/capabilities.js';

const WORDS: Readonly<Record<Capability, string>> = { ...CAPABILITY_WORDS, destroy: 'destroy' };

/**
 * Says in a few words what a key with this document can do at worst, for a table: `spend money, destroy (limited)`. A key
 * that can mint keys can do everything, because a new key is not bound by this document.
 *
 * @param document a parsed document; undefined, null and false mean full access
 * @param granted the capabilities of the document, if they are known already
 */
export function worstPhrase(document: unknown, granted = capabilitiesOf(document)): string {
  if (isFullAccess(document)) return 'everything';
  const certain = granted.filter(({ can }) => can.length > 0);
  const possible = granted.filter(({ can }) => can.length === 0);
  const can = certain.length > 0 ? phrase(certain, document) : harmless(document);
  if (mintsKeys(certain) || possible.length === 0) return can;
  return `${can === '' ? 'nothing for certain' : can}; perhaps ${phrase(possible, document)}`;
}

function phrase(granted: readonly GrantedCapability[], document: unknown): string {
  if (mintsKeys(granted)) return 'everything, through new keys or roles';
  return granted
    .map(({ capability, can }) => `${WORDS[capability]}${areLimited(can, document) ? ' (limited)' : ''}`)
    .join(', ');
}

function mintsKeys(granted: readonly GrantedCapability[]): boolean {
  return granted[0]?.capability === 'mint-keys';
}

function areLimited(operations: readonly Operation[], document: unknown): boolean {
  const accessTo = accessReader(document);
  return (
    operations.length > 0 &&
    operations.every((operation) => accessTo(operation).conditions.some(hasUpperLimit))
  );
}

/** Returns false for a range without an end, which also allows everything that will ever be created. */
function hasUpperLimit({ condition }: ParameterCondition): boolean {
  return condition?.eq !== undefined || condition?.lte !== undefined;
}

/** Describes a document without capabilities. Empty if nothing is certainly allowed, but something may be. */
function harmless(document: unknown): string {
  const accessTo = accessReader(document);
  const granted = OPERATIONS.map((operation) => ({ operation, grant: accessTo(operation).grant }));
  const allowed = granted.filter(({ grant }) => grant === 'allow');
  if (allowed.some(({ operation }) => operation.risks.some(({ kind }) => kind === 'write'))) return 'write';
  if (allowed.length > 0) return 'read';
  return granted.some(({ grant, operation }) => grant === 'unknown' && operation.category !== 'unknown')
    ? ''
    : 'nothing';
}
