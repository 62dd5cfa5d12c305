import type { Session } from '@vastai-cli/core/internal/credentials/session-lookup';

/** Describes a two-factor session in a document, without its value. */
export interface ShownSession {
  /** Human-readable location: a path, or `keychain (vastai, default/session)`. */
  readonly location: string;
  /** Time at which it ends, in seconds since 1970, if known. */
  readonly ends?: number;
}

/** Returns a session as documents show it. */
export function withoutValue({ location, ends }: Omit<Session, 'key'>): ShownSession {
  return { location, ...(ends === undefined ? {} : { ends }) };
}
