import { type LoginSession, listSessions, noSuchSession } from '@vastai-cli/core/internal/api/sessions';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import { dayOf, secondsOf } from '@vastai-cli/core/internal/base/server-time';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Client } from '@vastai-cli/core/internal/http/client';

/**
 * Returns the question before a session is ended, with what the list says about it.
 *
 * @throws what `listSessions` throws, and ApiError `not_found` if the list has every session but this one.
 */
export async function sessionQuestion(client: Client, id: number | string): Promise<string> {
  const list = await listSessions(client).catch((error: unknown) => {
    if (isVastaiError(error) && error.code === 'forbidden') return undefined;
    throw error;
  });
  const session = list?.value.find((one) => one.id === id);
  const isWhole = list?.leftOut === 0 && list.value.every((one) => one.id !== null);
  if (session === undefined && isWhole) throw noSuchSession(id);
  return `End session ${id}${session === undefined ? '' : describe(session)}?`;
}

function describe({ created_at: created, ip_address: address }: LoginSession): string {
  const seconds = secondsOf(created);
  const parts = [
    ...(seconds === null ? [] : [`of ${dayOf(seconds)}`]),
    ...(address === null ? [] : [`from ${serverText(address)}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
