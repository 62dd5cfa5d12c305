/**
 * Chooses among the documented responses where the documents disagree. The fields of a running sandbox can be changed
 * between two requests.
 */
export interface Quirks {
  /** Status for a key that is unknown or revoked. */
  unknownKey: 404 | 401;
  /** Status when the key does not grant the operation. */
  lackingPermission: 401 | 403;
  /** Status for a key or an account that belongs to another user. */
  anotherUsers: 401 | 403;
  /** `session_expired` is the 404 form, `required` the 401 form; two-factor routes stay open in both. */
  twoFactor: 'off' | 'session_expired' | 'required';
  /** Plain text, or JSON with `detail`. */
  tooFrequent: 'text' | 'detail';
  /** Response to showing one key: an object, the key's value as a bare JSON string, or an API error. */
  showKey: 'object' | 'value' | 404 | 405 | 410;
  /** `{"success":true,"new_api_key":…}`, or `{"sent":true,"key":…}`. */
  resetKey: 'new_api_key' | 'key';
  /**
   * Permissions of a new key: those requested, full access (reported as `false`, or by no field at all), or this
   * document.
   */
  newPermissions: 'requested' | 'false' | 'absent' | Readonly<Record<string, unknown>>;
  /** Response to the current user's route without its final slash. */
  withoutSlash: 'redirect' | 'user';
  /**
   * The audit log as one array, or as pages of 100 rows with `next_token`. With `same_page`, the server does not know
   * `after_token`, and every page is the first.
   */
  auditLog: 'array' | 'pages' | 'same_page';
  /** The members of a team as an array, or as `{"success":true,"members":[…]}`. */
  members: 'array' | 'object';
}

/** Returns what Vast.ai's API documentation says today. */
export function defaultQuirks(): Quirks {
  return {
    unknownKey: 404,
    lackingPermission: 401,
    anotherUsers: 403,
    twoFactor: 'off',
    tooFrequent: 'text',
    showKey: 'object',
    resetKey: 'new_api_key',
    newPermissions: 'requested',
    withoutSlash: 'redirect',
    auditLog: 'array',
    members: 'array',
  };
}
