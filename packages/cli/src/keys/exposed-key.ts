import { accessOfKey, type KeyAccess } from '@vastai-cli/core/internal/api/key-access';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { confirm } from '@vastai-cli/kit/input/prompts';
import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import type { Verification } from './verify-key.js';

/** Holds a key that is about to be saved, and what asking about it takes. */
interface NewKey {
  readonly key: ApiKey;
  readonly client: Client;
  readonly verification: Verification;
  readonly terminal: Terminal;
  readonly output: Output;
}

/**
 * Warns before a key is saved on a rented machine, and asks first if it has full access.
 *
 * @param yes true if `--yes` answers the question
 * @throws UsageError if the answer is no, or no terminal can ask.
 */
export async function confirmExposure(
  { key, client, verification, terminal, output }: NewKey,
  yes: boolean,
): Promise<void> {
  const access = await accessOf(client, verification);
  const text = exposure(key, access);
  if (text === undefined) return;
  output.warn(`${text}\n${USE_SCOPED_KEY}`);
  if (access === 'full') await confirm(`Save the key ${key} here anyway?`, yes, terminal);
}

/** Returns how much a key may do. Asks the API only if it said at the verification that it knows the key. */
export async function accessOf(client: Client, verification: Verification): Promise<KeyAccess> {
  if (verification.state !== 'verified') return 'unknown';
  if (verification.isScoped) return 'scoped';
  return verification.user === undefined ? 'unknown' : accessOfKey(client, verification.user);
}

/** Returns a sentence about a key on a rented machine; `undefined` if it is a scoped one. */
export function exposure(key: ApiKey, access: KeyAccess): string | undefined {
  if (access === 'scoped') return undefined;
  const rights = access === 'full' ? 'has full access' : 'may have full access';
  return `This machine is rented: its owner can read the key ${key}, which ${rights} to your account.`;
}

/** Says how to get a key that does less harm in the hands of somebody else. */
export const USE_SCOPED_KEY =
  'Use a scoped key here. Create one on your own computer: vastai create api-key --name rented --preset monitoring';
