import { listApiKeys } from '@vastai-cli/core/internal/api/api-keys';
import { currentUser } from '@vastai-cli/core/internal/api/users';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { Output } from '@vastai-cli/kit/render/output';

/** The most keys that the question names. More are listed above it. */
const MOST_IN_QUESTION = 10;

/** Returns a question that names each key, and warns if one of them is the key in use. */
export async function deletionQuestion(
  client: Client,
  ids: readonly number[],
  output: Output,
): Promise<string> {
  const list = await unlessForbidden(listApiKeys(client));
  const user = (await unlessForbidden(currentUser(client)))?.value;
  const names = new Map(list?.value.map(({ id, name }) => [id, name]));
  // A key is missing for certain only if every record of the list could be read.
  const isWhole = list?.leftOut === 0;
  const named = ids.map((id) => {
    if (isWhole && !names.has(id)) return `${id} (no such key)`;
    const name = names.get(id) ?? null;
    return name === null ? String(id) : `${id} "${serverText(name)}"`;
  });
  if (user?.key_id !== undefined && ids.includes(user.key_id)) {
    output.warn(`API key ${user.key_id} is the key in use. Deleting it locks this profile out.`);
  }
  return questionAbout(named, output);
}

/** Returns the question about keys. Lists them above it if they are many. */
export function questionAbout(named: readonly string[], output: Pick<Output, 'note'>): string {
  if (named.length > MOST_IN_QUESTION) {
    for (const name of named) output.note(name);
    return `Delete these ${named.length} API keys?`;
  }
  return `Delete ${named.length === 1 ? 'API key' : `${named.length} API keys:`} ${named.join(', ')}?`;
}

/** Returns `undefined` if the key may not list keys: it may still delete them, without their names in the question. */
async function unlessForbidden<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (isVastaiError(error) && error.code === 'forbidden') return undefined;
    throw error;
  }
}
