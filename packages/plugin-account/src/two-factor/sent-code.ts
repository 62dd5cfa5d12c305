import type { ApiResponse } from '@vastai-cli/core/internal/api/read-response';
import type { TwoFactorKind } from '@vastai-cli/core/internal/api/two-factor';
import { line, note, type Result } from '@vastai-cli/kit/result';

/** Says that a code was sent. */
export function onItsWay(kind: Exclude<TwoFactorKind, 'totp'>): string {
  return `A code was sent by ${kind === 'email' ? 'email' : 'SMS'}. It is valid for ten minutes.`;
}

/**
 * Returns the result of sending a code: its secret alone, so that a script can keep it.
 *
 * @param next the command that uses both
 */
export function sentCodeResult(
  { value, raw }: ApiResponse<{ readonly secret: string }>,
  kind: Exclude<TwoFactorKind, 'totp'>,
  next: string,
): Result {
  return {
    document: { secret: value.secret },
    raw,
    human: [line(value.secret)],
    remarks: [note(onItsWay(kind)), { ...note(`Use it with the secret above: ${next}`), forPeople: true }],
  };
}
