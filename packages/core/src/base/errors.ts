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

/** What went wrong, in one word. Scripts compare it, so a word never changes its meaning. */
export type ErrorCode = (typeof CODES)[number];

/** What an error carries beside its message; none of it ever holds a key. */
export interface ErrorDetails {
  /** What the person can do now: one or more full sentences. */
  readonly hint?: string;
  /** The same as steps, which the command line puts into words and commands, below the hint. */
  readonly advice?: readonly Advice[];
  /** The HTTP status that the API answered with. */
  readonly status?: number;
  /** Which key was sent, as `env …a1b2`. */
  readonly source?: string;
  /** What was asked of the API, so that a refusal can be explained by the route it met. */
  readonly request?: RequestLine;
  /** What a script gets beside the error: diagnostics, or what was done before it failed. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A request without its secrets: `DELETE`, `/api/v0/auth/apikeys/42/`. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
}

/**
 * An error that was foreseen and speaks to the person.
 *
 * Its code is what other packages look at: a plugin carries its own copy of this class, so
 * `instanceof` does not work across packages. `isVastaiError` does.
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

/** The person asked for something that cannot be done as asked; nothing was changed. */
export class UsageError extends VastaiError {
  constructor(message: string, guidance?: Guidance) {
    super('usage', message, guidanceDetails(guidance));
  }
}

/** A place where keys or settings live could not be read or written. */
export class StorageError extends VastaiError {
  constructor(message: string, guidance: Guidance, cause?: unknown) {
    super('storage', message, { ...guidanceDetails(guidance), cause });
  }
}

/** The API answered, and the answer is a refusal. */
export class ApiError extends VastaiError {}

/** There is no answer, or none that can be understood. */
export class TransportError extends VastaiError {
  /** Whether the server may have done what was asked, although no answer tells. */
  readonly outcomeUnknown: boolean;

  constructor(message: string, outcomeUnknown: boolean, details: ErrorDetails = {}) {
    super('unreachable', message, details);
    this.outcomeUnknown = outcomeUnknown;
  }
}

/** Recognises an error of this family by its code, whichever copy of the class made it. */
export function isVastaiError(error: unknown): error is VastaiError {
  return error instanceof Error && 'code' in error && CODES.some((code) => code === error.code);
}
