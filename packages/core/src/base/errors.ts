import { type Advice, adviceOf, type Guidance } from './advice.js';

const CODES = [
  'usage',
  'no_key',
  'key_rejected',
  'forbidden',
  'not_found',
  'rate_limited',
  'unreachable',
  'storage',
  'findings',
  'two_factor',
  'api_error',
  'interrupted',
  'internal',
] as const;

/** Says in one word what went wrong. Scripts compare it, so a word never changes its meaning. */
export type ErrorCode = (typeof CODES)[number];

/** Says more about an error than its message; none of it ever holds a key. */
export interface ErrorDetails {
  /** Says what a person can do now, in one or more full sentences. */
  readonly hint?: string;
  /** Says the same in steps, which the command line puts into words and commands, below the hint. */
  readonly advice?: readonly Advice[];
  /** HTTP status that the API answered with. */
  readonly status?: number;
  /** Key that was sent, as `VAST_API_KEY …a1b2`. */
  readonly source?: string;
  /** Request that failed, so that a refusal can be explained by its route. */
  readonly request?: RequestLine;
  /** Diagnostics, or what was done before it failed, for scripts. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A request without its secrets: `DELETE`, `/api/v0/auth/apikeys/42/`. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
}

/**
 * Reports a failure that was expected, in words for a person. Its `code` tells it apart: a plugin carries its own copy of
 * this class, so `instanceof` does not work across packages, and `isVastaiError` does.
 */
export class VastaiError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly advice?: readonly Advice[];
  readonly status?: number;
  readonly source?: string;
  readonly request?: RequestLine;
  readonly data?: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    for (const name of ['hint', 'advice', 'status', 'source', 'request', 'data'] as const) {
      if (details[name] !== undefined) Object.assign(this, { [name]: details[name] });
    }
  }
}

/** The same error, with more to say. */
export function withDetails(
  error: VastaiError,
  more: ErrorDetails & { readonly message?: string },
): VastaiError {
  return new VastaiError(error.code, more.message ?? error.message, { ...error, cause: error, ...more });
}

/** Returns guidance as the details of an error: a sentence as its hint, steps as its advice. */
function guidanceDetails(guidance: Guidance | undefined): Pick<ErrorDetails, 'hint' | 'advice'> {
  if (guidance === undefined) return {};
  return typeof guidance === 'string' ? { hint: guidance } : { advice: guidance };
}

/** Returns what an error advises, as steps. */
export function guidanceOf({ hint, advice = [] }: Pick<VastaiError, 'hint' | 'advice'>): readonly Advice[] {
  return [...adviceOf(hint), ...advice];
}

/** Reports that something cannot be done as it was asked for; nothing was changed. Its code is `usage`. */
export class UsageError extends VastaiError {
  constructor(message: string, guidance?: Guidance) {
    super('usage', message, guidanceDetails(guidance));
  }
}

/** Reports that a place of keys or settings could not be read or written. Its code is `storage`. */
export class StorageError extends VastaiError {
  constructor(message: string, guidance: Guidance, cause?: unknown) {
    super('storage', message, { ...guidanceDetails(guidance), cause });
  }
}

/** Reports that the API refused: `key_rejected`, `forbidden`, `not_found`, `rate_limited`, `two_factor` or `api_error`. */
export class ApiError extends VastaiError {}

/** Reports that no response came, or none that can be understood. Its code is `unreachable`. */
export class TransportError extends VastaiError {
  /** True where the server may have done what was asked, although no response says so. */
  readonly outcomeUnknown: boolean;

  constructor(message: string, outcomeUnknown: boolean, details: ErrorDetails = {}) {
    super('unreachable', message, details);
    this.outcomeUnknown = outcomeUnknown;
  }
}

/** Returns whether something thrown is a `VastaiError`, by its code, whichever copy of the class made it. */
export function isVastaiError(error: unknown): error is VastaiError {
  return error instanceof Error && 'code' in error && CODES.some((code) => code === error.code);
}
