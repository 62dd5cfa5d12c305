/** A response that the broker gives itself, in the form of the API's errors. */
export interface OwnAnswer {
  readonly status: number;
  readonly error: string;
  /** One sentence, without its beginning `vastai: `. */
  readonly msg: string;
}

/** Refuses an improper request. Its connection is closed, since what follows on it cannot be trusted. */
export function malformed(msg: string, status = 400): OwnAnswer {
  return { status, error: 'broker_bad_request', msg };
}

/** Reports that the API could not be asked, or gave no answer that can be passed on. */
export function noAnswer(msg: string, status = 502): OwnAnswer {
  return { status, error: 'broker_upstream', msg };
}

export function unauthorized(msg: string): OwnAnswer {
  return { status: 401, error: 'auth_error', msg };
}

export function denied(msg: string): OwnAnswer {
  return { status: 403, error: 'broker_denied', msg };
}

/** Returns the body of a response. */
export function answerBody({ error, msg }: OwnAnswer): string {
  return JSON.stringify({ success: false, error, msg: `vastai: ${msg}` });
}
