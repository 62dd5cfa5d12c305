import type { Category } from './categories.js';

export type RiskKind =
  | 'read'
  | 'write'
  | 'spends_money'
  | 'destroys'
  | 'shows_secrets'
  | 'changes_access'
  | 'mints_keys';

/** Describes one effect of an operation. `reason` is a short phrase without a full stop. */
export interface Risk {
  readonly kind: RiskKind;
  readonly reason: string;
}

/** Describes one operation of the Vast.ai API. */
export interface Operation {
  /** This project's own name for it, such as `instance.destroy`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path with its parameters in braces, such as `/api/v0/instances/{id}/`. */
  readonly route: string;
  /** The names in braces, in the order of the route. */
  readonly parameters: readonly string[];
  /** The permission category, or `unknown` if no source names one. */
  readonly category: Category | 'unknown';
  /** The endpoint name in permission documents, if it is published. */
  readonly endpoint?: string;
  /** True if Vast.ai's "Permissions" page lists the operation. */
  readonly documented: boolean;
  /** Never empty; the first entry says what the operation is for. */
  readonly risks: readonly Risk[];
}
