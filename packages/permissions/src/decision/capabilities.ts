import { OPERATIONS } from '../catalogue/catalogue.js';
import type { Operation, RiskKind } from '../catalogue/operation.js';
import { accessReader } from './access.js';
import { CAPABILITIES, type Capability } from './capability-names.js';

/** Lists the operations by which a key has a capability. */
export interface GrantedCapability {
  readonly capability: Capability;
  /** Operations that the document allows, within its constraints. */
  readonly can: readonly Operation[];
  /** Operations that it may allow, because something in the document or the catalogue is not documented. */
  readonly may: readonly Operation[];
}

/** A key that can mint keys can change who has access, so a gate on `change-access` stops both. */
const KINDS: Readonly<Record<Capability, readonly RiskKind[]>> = {
  'mint-keys': ['mints_keys'],
  'change-access': ['changes_access', 'mints_keys'],
  'read-secrets': ['shows_secrets'],
  'spend-money': ['spends_money'],
  destroy: ['destroys'],
};

/** Returns true if an operation gives a key this capability. */
export function hasCapability({ risks }: Operation, capability: Capability): boolean {
  return risks.some(({ kind }) => KINDS[capability].includes(kind));
}

/**
 * Returns the capabilities that a key with this document has or may have, the worst first. Leaves out operations whose
 * category no source names, except for full access: any document may allow those, so they would say nothing about this one.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access
 */
export function capabilitiesOf(document: unknown): GrantedCapability[] {
  const accessTo = accessReader(document);
  const granted = OPERATIONS.map((operation) => ({ operation, grant: accessTo(operation).grant }));
  return CAPABILITIES.map((capability) => {
    const having = (grant: 'allow' | 'unknown') =>
      granted
        .filter((one) => one.grant === grant && hasCapability(one.operation, capability))
        .map(({ operation }) => operation);
    const may = having('unknown').filter(({ category }) => category !== 'unknown');
    return { capability, can: having('allow'), may };
  }).filter(({ can, may }) => can.length + may.length > 0);
}
