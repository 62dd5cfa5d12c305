import {
  activateMethod,
  type NewTwoFactorMethod,
  setUpTotp,
} from '@vastai-cli/core/internal/api/new-two-factor-method';
import { sendSmsCode, twoFactorStatus } from '@vastai-cli/core/internal/api/two-factor';
import { isVastaiError, UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { type Result, sentence } from '@vastai-cli/kit/result';
import { appSecretParts } from './app-secret.js';
import { authorize } from './authorize.js';
import { type CodesFile, codesResult, withCodesFile } from './backup-codes.js';
import type { ProofFlags } from './proof-flags.js';
import type { SecretInput } from './secret-input.js';
import { onItsWay } from './sent-code.js';

/** The flags of adding a method. Those of a proof authorize it. */
export interface AddFlags extends ProofFlags {
  readonly label?: string | undefined;
  readonly 'codes-file'?: string | undefined;
}

/** Holds what adding a method needs. */
export interface Adding {
  readonly client: Client;
  readonly input: SecretInput;
  /** Runs work that a signal must not stop half-way. */
  readonly whole: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Adds an authenticator app: authorizes it, shows its QR code, and activates it with its first code. */
export async function addTotp(flags: AddFlags, adding: Adding): Promise<Result> {
  return withCodesFile(flags['codes-file'], async (file) => {
    await prepare(flags, adding);
    const { value } = await setUpTotp(adding.client);
    adding.input.output.show(await appSecretParts(value));
    return activate({ tfa_method: 'totp', secret: value.secret, label: flags.label }, file, adding);
  });
}

/** Adds a phone: authorizes it, sends it a code, and activates it with that. */
export async function addSms(number: string, flags: AddFlags, adding: Adding): Promise<Result> {
  return withCodesFile(flags['codes-file'], async (file) => {
    await prepare(flags, adding);
    const { value } = await sendSmsCode(adding.client, { phone_number: number });
    adding.input.output.note(onItsWay('sms'));
    const method = {
      tfa_method: 'sms',
      secret: value.secret,
      phone_number: number,
      label: flags.label,
    } as const;
    return activate(method, file, adding);
  });
}

/** @throws UsageError if nobody can be asked */
export function requireConversation({ terminal }: Pick<SecretInput, 'terminal'>): void {
  if (terminal.canAsk) return;
  throw new UsageError(
    `tfa add asks questions, and vastai cannot ask them ${terminal.obstacle}.`,
    'In a script, use tfa auth-new, then tfa totp-setup or tfa send-sms, then tfa activate.',
  );
}

/** Authorizes a new method, unless that was done within the last 30 minutes. */
async function prepare(flags: AddFlags, { client, input }: Adding): Promise<void> {
  const { value } = await twoFactorStatus(client);
  if (value.new_method_authorized) return;
  input.output.note('First, verify your identity.');
  const isChosen = flags.method !== undefined || flags['method-id'] !== undefined;
  if (isChosen || flags['backup-code'] !== undefined || value.methods.length === 0) {
    await authorize(flags, client, input);
    return;
  }
  const { chooseWay } = await import('./choose-method.js');
  const way = await chooseWay(value.methods, 'How do you want to verify your identity?', input.terminal);
  const chosen: ProofFlags =
    way.kind === 'backup'
      ? { 'backup-code': '-' }
      : way.id === undefined
        ? { method: way.kind }
        : { 'method-id': way.id };
  await authorize({ ...flags, ...chosen }, client, input);
}

async function activate(
  method: Omit<NewTwoFactorMethod, 'code'>,
  file: CodesFile | undefined,
  { client, input, whole }: Adding,
): Promise<Result> {
  const kind = method.tfa_method;
  const human = [
    sentence(kind === 'totp' ? 'The app is now a second factor.' : 'The phone is now a second factor.'),
  ];
  const question = kind === 'totp' ? 'Code that the app shows' : 'Code from the SMS';
  for (let again = false; ; again = true) {
    const code = await input.ask(question, again);
    try {
      return await whole(() =>
        codesResult(file, { human, more: { method: kind } }, () =>
          activateMethod(client, { ...method, code }),
        ),
      );
    } catch (error) {
      if (!isVastaiError(error) || error.body?.error !== '2fa_verification_failed') throw error;
      input.output.warn(error.message);
    }
  }
}
