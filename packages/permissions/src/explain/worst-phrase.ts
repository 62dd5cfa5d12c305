import type { Operation } from '../catalogue/operation.js';
import { accessReader, isFullAccess } from '../decision/access.js';
import { capabilitiesOf, type GrantedCapability } from '../decision/capabilities.js';
import { CAPABILITY_WORDS } from '../decision/capability-names.js';
import { deedOf } from './plain-words.js';
import { isLimited, usableOperations } from './usable-operations.js';

/** The number of operations to name. */
const MOST_DEEDS = 2;

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
    .map(({ capability, can }) => {
      const words = capability === 'destroy' ? 'destroy' : CAPABILITY_WORDS[capability];
      return areLimited(can, document) ? `${words} (limited)` : words;
    })
    .join(', ');
}

function mintsKeys(granted: readonly GrantedCapability[]): boolean {
  return granted[0]?.capability === 'mint-keys';
}

function areLimited(operations: readonly Operation[], document: unknown): boolean {
  const accessTo = accessReader(document);
  return (
    operations.length > 0 &&
    operations.every((operation) => isLimited({ operation, access: accessTo(operation) }))
  );
}

/** Describes a document without capabilities. Empty if nothing is certainly allowed, but something may be. */
function harmless(document: unknown): string {
  const { sure, unsure } = usableOperations(document);
  const writing = sure
    .map(({ operation }) => operation)
    .filter(({ risks }) => risks.some(({ kind }) => kind === 'write'));
  if (writing.length > 0) return writing.every(soundsReadOnly) ? `read, ${deedsOf(writing)}` : 'write';
  if (sure.length > 0) return 'read';
  return unsure.length > 0 ? '' : 'nothing';
}

function soundsReadOnly({ category }: Operation): boolean {
  return category.endsWith('_read');
}

/** Names what a key can write by a category that sounds as if it only read: "write" would say far too much. */
function deedsOf(writing: readonly Operation[]): string {
  const deeds = [...new Set(writing.map(deedOf))];
  return [...deeds.slice(0, MOST_DEEDS), ...(deeds.length > MOST_DEEDS ? ['more'] : [])].join(', ');
}
