import { listApiKeys } from '@vastai-cli/core/internal/api/api-keys';
import { currentUser } from '@vastai-cli/core/internal/api/users';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { Output } from '@vastai-cli/kit/render/output';

/** Keeps the question short enough for a screen: more keys are listed above it. */
const MOST_IN_QUESTION = 10;

/** Words the question that names each key before it is deleted, and warns of the one in use. */
export async function deletionQuestion(
  client: Client,
  ids: readonly number[],
  output: Output,
): Promise<string> {
  const list = await unlessForbidden(listApiKeys(client));
  const user = (await unlessForbidden(currentUser(client)))?.value;
  const names = new Map(list?.value.map(({ id, name }) => [id, name]));
  // A key whose record could not be read may exist anyway.
  const isWhole = list?.leftOut === 0;
  const named = ids.map((id) => {
    if (isWhole && !names.has(id)) return `${id} (no such key)`;
    const name = names.get(id) ?? null;
    return name === null ? String(id) : `${id} "${serverText(name)}"`;
  });
  if (user?.key_id !== undefined && ids.includes(user.key_id)) {
    output.warn(`API key ${user.key_id} is the one in use: without it, this profile is locked out.`);
  }
  if (named.length > MOST_IN_QUESTION) {
    for (const name of named) output.note(name);
    return `Delete these ${named.length} API keys?`;
  }
  return `Delete ${ids.length === 1 ? 'API key' : `${ids.length} API keys:`} ${named.join(', ')}?`;
}

/** Lets a key delete that may not look; the question then has no names. */
async function unlessForbidden<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (isVastaiError(error) && error.code === 'forbidden') return undefined;
    throw error;
  }
}
