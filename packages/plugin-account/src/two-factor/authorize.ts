import {
  authorizeNewMethod,
  confirmAuthorization,
} from '@vastai-cli/core/internal/api/new-two-factor-method';
import type { TwoFactorProof } from '@vastai-cli/core/internal/api/two-factor';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { requireOneProof, requireSecret } from './proof.js';
import type { ProofFlags } from './proof-flags.js';
import type { SecretInput } from './secret-input.js';
import { onItsWay } from './sent-code.js';

/** Tells whether an authorization is done, or only begun: then, with the secret that completes it. */
export interface Authorization {
  readonly authorized: boolean;
  /** The secret to complete it with, if the code is still missing. */
  readonly secret: string | null;
  readonly raw: unknown;
}

/**
 * Authorizes a new method for 30 minutes: by a backup code at once, else by the code of a method. Without a code and without a
 * terminal that could ask for it, only begins.
 */
export async function authorize(
  flags: ProofFlags,
  client: Client,
  input: SecretInput,
): Promise<Authorization> {
  const { 'backup-code': backupCode, secret, code } = flags;
  requireOneProof(flags);
  if (secret === undefined && backupCode === undefined && flags['method-id'] === undefined)
    requireSecret(flags.method ?? 'email', code);
  if (backupCode !== undefined) {
    const proof = { backup_code: await input.valueOf(backupCode, 'Backup code') };
    const { raw } = await authorizeNewMethod(client, proof);
    return { authorized: true, secret: null, raw };
  }
  const begun = secret === undefined ? await begin(flags, client, input) : undefined;
  const given = secret === undefined ? begun?.secret : await input.valueOf(secret, 'Secret');
  if (code === undefined && !input.terminal.canAsk)
    return { authorized: false, secret: given ?? null, raw: begun?.raw };
  const { raw } = await confirm(given ?? '', code, client, input);
  return { authorized: true, secret: null, raw };
}

async function begin(
  { method, 'method-id': id }: ProofFlags,
  client: Client,
  { output }: SecretInput,
): Promise<{ readonly secret: string; readonly raw: unknown }> {
  // As the official CLI does: email, which an account without methods gets in any case.
  const by: TwoFactorProof = id === undefined ? { tfa_method: method ?? 'email' } : { tfa_method_id: id };
  const { value, raw } = await authorizeNewMethod(client, by);
  if (by.tfa_method === undefined)
    output.note('If codes for this method are sent to you, one is on its way.');
  else if (by.tfa_method !== 'totp') output.note(onItsWay(by.tfa_method));
  return { secret: value.secret ?? '', raw };
}

/** Confirms with the code that was given, or that a person is asked for, who may correct it once. */
async function confirm(secret: string, given: string | undefined, client: Client, input: SecretInput) {
  if (given !== undefined) {
    return confirmAuthorization(client, { code: await input.valueOf(given, 'Code'), secret });
  }
  try {
    return await confirmAuthorization(client, { code: await input.ask('Code'), secret });
  } catch (error) {
    if (!isVastaiError(error) || error.body?.error !== '2fa_verification_failed') throw error;
    input.output.warn(error.message);
    return confirmAuthorization(client, { code: await input.ask('Code', true), secret });
  }
}
