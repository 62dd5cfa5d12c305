import type { TwoFactorKind, TwoFactorMethod } from '@vastai-cli/core/internal/api/two-factor';
import { localTime } from '@vastai-cli/core/internal/base/local-time';
import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import { askChoice, type Choice } from '@vastai-cli/kit/input/prompts';
import type { Terminal } from '@vastai-cli/kit/render/terminal';

/** A way to prove who you are: a method of the account, an email, or a backup code. */
export type Way = { readonly kind: TwoFactorKind; readonly id?: string } | { readonly kind: 'backup' };

/** Asks which way to use, the primary method first. */
export async function chooseWay(
  methods: readonly TwoFactorMethod[],
  question: string,
  terminal: Terminal,
): Promise<Way> {
  return askChoice(question, waysOf(methods, Date.now() / 1000), terminal);
}

/** Returns the ways of an account, in the order in which a person is likely to want them. */
export function waysOf(methods: readonly TwoFactorMethod[], now: number): Choice<Way>[] {
  const stored = methods.filter(({ method }) => method === 'totp' || method === 'sms');
  const sorted = stored.toSorted((one, other) => Number(other.is_primary) - Number(one.is_primary));
  return [
    ...sorted.map((method) => ({ name: nameOf(method, now), value: wayOf(method, stored) })),
    { name: 'Email', value: { kind: 'email' } },
    { name: 'Backup code', value: { kind: 'backup' } },
  ];
}

/** Names a method by its id only if there are several of its kind. */
function wayOf({ id, method }: TwoFactorMethod, all: readonly TwoFactorMethod[]): Way {
  const kind = method as TwoFactorKind;
  const isOnly = all.filter((one) => one.method === method).length === 1;
  return isOnly ? { kind } : { kind, id: String(id) };
}

function nameOf(method: TwoFactorMethod, now: number): string {
  const what =
    method.method === 'sms' ? `SMS to ${method.phone_number ?? 'your phone'}` : 'Authenticator app';
  const label = method.label === null || method.label === '' ? '' : ` (${method.label})`;
  const until = secondsOf(method.locked_until);
  return `${what}${label}${until !== null && until > now ? `, locked until ${localTime(until)}` : ''}`;
}
