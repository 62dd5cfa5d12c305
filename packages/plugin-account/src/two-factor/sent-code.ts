import type { ApiResponse } from '@vastai-cli/core/internal/api/read-response';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { line, note, type Result } from '@vastai-cli/kit/result';

/** Returns the result of sending a code: its secret alone, so that a script can keep it. */
export function sentCodeResult(
  { value, raw }: ApiResponse<{ readonly secret: string }>,
  kind: 'sms' | 'email',
  client: Client,
): Result {
  const login = client.command(`tfa login --method ${kind} --secret -`);
  return {
    document: { secret: value.secret },
    raw,
    human: [line(value.secret)],
    remarks: [
      note(`A code is on its way by ${kind === 'email' ? 'email' : 'SMS'}. It is valid for ten minutes.`),
      { ...note(`Log in with it and the secret above: ${login}`), forPeople: true },
    ],
  };
}
