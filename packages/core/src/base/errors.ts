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

/** The kind of an error in one word. Scripts compare it, so a word never changes its meaning. */
export type ErrorCode = (typeof CODES)[number];

/** Holds details of an error. None of them ever contains a key. */
export interface ErrorDetails {
  /** One or more full sentences about what to do next. */
  readonly hint?: string;
  /** Steps to take next, which the command line shows as sentences and commands below the hint. */
  readonly advice?: readonly Advice[];
  /** HTTP status of the response. */
  readonly status?: number;
  /** Key that was sent, as `VAST_API_KEY …a1b2`. */
  readonly source?: string;
  /** Request that failed, so that missing permissions can be explained by its route. */
  readonly request?: RequestLine;
  /** Body of the response, without secrets. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Present if Vast.ai has switched off the route, with the one that replaces it if the API named one: `/api/v1/instances/`. */
  readonly switchedOff?: { readonly replacement?: string };
  /** Diagnostics, or what was done before the failure, for scripts. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The method and the path of a request, without secrets: `DELETE`, `/api/v0/auth/apikeys/42/`. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
}

/**
 * An expected failure, with a message for people. Tell failures apart by `code`, and use `isVastaiError` instead of
 * `instanceof`, which fails across packages: each plugin has its own copy of this class.
 */
export class VastaiError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly advice?: readonly Advice[];
  readonly status?: number;
  readonly source?: string;
  readonly request?: RequestLine;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly switchedOff?: { readonly replacement?: string };
  readonly data?: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    for (const name of [
      'hint',
      'advice',
      'status',
      'source',
      'request',
      'body',
      'switchedOff',
      'data',
    ] as const) {
      if (details[name] !== undefined) Object.assign(this, { [name]: details[name] });
    }
  }
}

/** Returns a copy of an error with other or more details. */
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

/** Returns the hint and the advice of an error, as steps. */
export function guidanceOf({ hint, advice = [] }: Pick<VastaiError, 'hint' | 'advice'>): readonly Advice[] {
  return [...adviceOf(hint), ...advice];
}

/** Reports a request that cannot be carried out as given. Nothing was changed. Its code is `usage`. */
export class UsageError extends VastaiError {
  constructor(message: string, guidance?: Guidance) {
    super('usage', message, guidanceDetails(guidance));
  }
}

/** Reports that a place for keys or settings could not be read or written. Its code is `storage`. */
export class StorageError extends VastaiError {
  constructor(message: string, guidance: Guidance, cause?: unknown) {
    super('storage', message, { ...guidanceDetails(guidance), cause });
  }
}

/**
 * Reports an error of the API. Its code is `key_rejected`, `forbidden`, `not_found`, `rate_limited`, `two_factor` or
 * `api_error`.
 */
export class ApiError extends VastaiError {}

/** Reports a missing response, or one that cannot be understood. Its code is `unreachable`. */
export class TransportError extends VastaiError {
  /** True if the server may have carried out the request, although no response says so. */
  readonly outcomeUnknown: boolean;

  constructor(message: string, outcomeUnknown: boolean, details: ErrorDetails = {}) {
    super('unreachable', message, details);
    this.outcomeUnknown = outcomeUnknown;
  }
}

/** Returns true for a `VastaiError`, by its code, whichever copy of the class made it. */
export function isVastaiError(error: unknown): error is VastaiError {
  return error instanceof Error && 'code' in error && CODES.some((code) => code === error.code);
}
