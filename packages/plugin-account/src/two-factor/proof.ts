import {
  sendEmailCode,
  sendSmsCode,
  type TwoFactorKind,
  type TwoFactorProof,
  twoFactorStatus,
} from '@vastai-cli/core/internal/api/two-factor';
import { twoFactorErrorOf } from '@vastai-cli/core/internal/api/two-factor-errors';
import { isVastaiError, UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { chooseWay, type Way } from './choose-method.js';
import type { ProofFlags } from './proof-flags.js';
import type { SecretInput } from './secret-input.js';
import { onItsWay } from './sent-code.js';

/** Ends the command after this many wrong codes. */
const MOST_TRIES = 3;
const WRONG: ReadonlySet<string | undefined> = new Set([
  '2fa_login_failed',
  '2fa_verification_failed',
  'invalid_backup_code',
]);

const CODE_QUESTIONS: Readonly<Record<TwoFactorKind, string>> = {
  totp: 'Code from the authenticator app',
  sms: 'Code from the SMS',
  email: 'Code from the email',
};

/**
 * Gets a proof from flags, standard input or a person, and uses it. A code by SMS or email is sent first, unless the secret of
 * one is given. A person who was asked for a code may correct it.
 *
 * @throws UsageError if no proof is given and nobody can be asked for one.
 */
export async function proven<T>(
  flags: ProofFlags,
  { client, input }: { readonly client: Client; readonly input: SecretInput },
  use: (proof: TwoFactorProof) => Promise<T>,
): Promise<T> {
  const { ask, ...rest } = await readProof(flags, client, input);
  for (let tries = 1; ; tries += 1) {
    const proof = ask === undefined ? rest : { ...rest, ...(await ask(tries > 1)) };
    try {
      return await use(proof);
    } catch (error) {
      const isFinal = ask === undefined || tries === MOST_TRIES || !WRONG.has(twoFactorErrorOf(error));
      if (isFinal || !isVastaiError(error) || isLocked(error.data)) throw error;
      input.output.warn(error.message);
    }
  }
}

function isLocked(data: Readonly<Record<string, unknown>> = {}): boolean {
  const { two_factor: said } = data as { two_factor?: { locked_until?: number } };
  return said?.locked_until !== undefined;
}

/** @throws UsageError for two proofs, of which only one would be used */
export function requireOneProof({ code, 'backup-code': backupCode }: ProofFlags): void {
  if (code === undefined || backupCode === undefined) return;
  throw new UsageError('--code and --backup-code cannot be used together.');
}

/** @throws UsageError for a code that was sent before, without its secret: another one would be sent, which it cannot be */
export function requireSecret(kind: TwoFactorKind, code: string | undefined): void {
  if (kind === 'totp' || code === undefined || code === '-') return;
  throw new UsageError(
    `A code sent by ${kind} needs the secret printed when it was sent.`,
    'Pass it with --secret. With --code -, the command sends a code and then reads it from standard input.',
  );
}

/** A proof without the part that a person is asked for, if there is one. */
type Started = TwoFactorProof & { readonly ask?: (again: boolean) => Promise<TwoFactorProof> };

async function readProof(flags: ProofFlags, client: Client, input: SecretInput): Promise<Started> {
  const { code, 'backup-code': backupCode } = flags;
  requireOneProof(flags);
  if (backupCode !== undefined) return { backup_code: await input.valueOf(backupCode, 'Backup code') };
  if (code === undefined && !input.terminal.canAsk) {
    throw new UsageError(
      `No code was given, and vastai cannot ask for one ${input.terminal.obstacle}.`,
      'Pass it on standard input with --code -, or a backup code with --backup-code -.',
    );
  }
  const given = flags.secret === undefined ? undefined : await input.valueOf(flags.secret, 'Secret');
  const way = await wayFor(flags, given !== undefined, client, input);
  if (way.kind === 'backup') {
    return { ask: async (again) => ({ backup_code: await input.ask('Backup code', again) }) };
  }
  const isSent = way.kind === 'sms' || way.kind === 'email';
  if (isSent && given === undefined) requireSecret(way.kind, code);
  const secret = given ?? (isSent ? await sendCode(way, client, input) : undefined);
  const proof = { tfa_method: way.named, tfa_method_id: way.id, secret };
  if (code !== undefined) return { ...proof, code: await input.valueOf(code, 'Code') };
  const question = way.kind === undefined ? 'Code' : CODE_QUESTIONS[way.kind];
  return { ...proof, ask: async (again) => ({ code: await input.ask(question, again) }) };
}

/** A way with what names it in requests. Without a kind, the API knows it by the secret, or takes the only one. */
type NamedWay =
  | { readonly kind: 'backup' }
  | {
      readonly kind: TwoFactorKind | undefined;
      readonly named?: TwoFactorKind | undefined;
      readonly id?: string | undefined;
    };

/** Takes the way that flags name; asks a person for it otherwise, unless the code or its secret is there. */
async function wayFor(
  { method, 'method-id': id, code }: ProofFlags,
  hasSecret: boolean,
  client: Client,
  input: SecretInput,
): Promise<NamedWay> {
  if (method !== undefined) return { kind: method, named: method };
  const isReady = hasSecret || (code !== undefined && code !== '-');
  if (id !== undefined) return { kind: isReady ? undefined : await kindOf(id, client), id };
  if (isReady || code !== undefined) return { kind: undefined };
  const { value } = await twoFactorStatus(client);
  const way: Way = await chooseWay(value.methods, 'How do you want to verify your identity?', input.terminal);
  return way.kind === 'backup' ? way : { ...way, named: way.kind };
}

async function kindOf(id: string, client: Client): Promise<TwoFactorKind | undefined> {
  const { value } = await twoFactorStatus(client);
  const kind = value.methods.find((method) => String(method.id) === id)?.method;
  return kind === 'totp' || kind === 'sms' ? kind : undefined;
}

/** Sends a code and returns its secret. */
async function sendCode(
  { kind, id }: { readonly kind: TwoFactorKind | undefined; readonly id?: string | undefined },
  client: Client,
  { output }: SecretInput,
): Promise<string> {
  const { value } =
    kind === 'email' ? await sendEmailCode(client) : await sendSmsCode(client, { tfa_method_id: id });
  output.note(onItsWay(kind === 'email' ? 'email' : 'sms'));
  return value.secret;
}
