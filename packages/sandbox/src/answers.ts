/**
 * Which of the documented answers the sandbox gives where the documents disagree.
 * The fields of a running sandbox can be changed between two requests.
 */
export interface Answers {
  /** Status for a key that is not known or was revoked. */
  unknownKey: 404 | 401;
  /** Status when the key does not grant the operation. */
  lackingPermission: 401 | 403;
  /** Status for a key or an account that belongs to another user. */
  anotherUsers: 401 | 403;
  /** `session_expired` is the 404 form, `required` the 401 form; two-factor routes stay open in both. */
  twoFactor: 'off' | 'session_expired' | 'required';
  /** Plain text, or JSON with `detail`. */
  tooFrequent: 'text' | 'detail';
  /** What showing one key answers: an object, the key's value as a bare JSON string, or a refusal. */
  showKey: 'object' | 'value' | 404 | 405 | 410;
  /** `{"success":true,"new_api_key":…}`, or `{"sent":true,"key":…}`. */
  resetKey: 'new_api_key' | 'key';
  /**
   * What a new key is given: what was asked for, full access (said as `false`, or by no field at all), or this
   * document.
   */
  newPermissions: 'asked' | 'false' | 'absent' | Readonly<Record<string, unknown>>;
  /** What the current user's route does without its final slash. */
  withoutSlash: 'redirect' | 'answer';
}

/** The answers that Vast.ai's API documentation gives now. */
export function defaultAnswers(): Answers {
  return {
    unknownKey: 404,
    lackingPermission: 401,
    anotherUsers: 403,
    twoFactor: 'off',
    tooFrequent: 'text',
    showKey: 'object',
    resetKey: 'new_api_key',
    newPermissions: 'asked',
    withoutSlash: 'redirect',
  };
}
