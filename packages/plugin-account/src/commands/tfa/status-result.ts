import type { ApiResponse } from '@vastai-cli/core/internal/api/read-response';
import type { TwoFactorMethod, TwoFactorStatus } from '@vastai-cli/core/internal/api/two-factor';
import { localTime } from '@vastai-cli/core/internal/base/local-time';
import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import { adviceText } from '@vastai-cli/kit/render/advice';
import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';
import { line, note, type Remark, type Result, table, warning } from '@vastai-cli/kit/result';
import { FEW_CODES } from '../../two-factor/backup-codes.js';

/** Holds what else is known about the account and the profile. */
interface Known {
  readonly isLegacy: boolean | null;
  /** True if the profile has a two-factor session. */
  readonly hasSession: boolean;
  readonly target: AdviceTarget;
}

export function statusResult({ value, raw }: ApiResponse<TwoFactorStatus>, known: Known): Result {
  const { methods, backup_codes_remaining: codes } = value;
  const isOn = known.isLegacy === true || (value.tfa_enabled ?? methods.length > 0);
  return {
    document: { ...value, is_legacy: known.isLegacy },
    raw,
    human: [
      line(`Two-factor login: ${isOn ? 'on' : 'off'}`),
      ...(methods.length === 0 ? [] : [methodTable(methods)]),
      ...(isOn && codes !== null ? [line(`Backup codes left: ${codes}`)] : []),
    ],
    remarks: (isOn ? remarksOn(value, known) : remarksOff(known)).map((remark) => ({
      ...remark,
      forPeople: true,
    })),
  };
}

function remarksOn(
  { backup_codes_remaining: codes, new_method_authorized: isAuthorized }: TwoFactorStatus,
  { isLegacy, target }: Known,
): Remark[] {
  const make = adviceText([{ do: 'tfa', step: 'regen-codes' }], target);
  const remarks: Remark[] = [];
  if (isLegacy) {
    const text =
      'This account set up two-factor login before backup codes existed. It needs some before it can log in.';
    remarks.push(warning(`${text}\n${make}`));
  } else if (codes === 0) {
    // The user, who alone would say it, cannot be read without a session.
    const orElse =
      isLegacy === null
        ? ' If a login is rejected, the account set up two-factor login before backup codes existed.'
        : '';
    remarks.push(warning(`No backup code is left.${orElse}\n${make}`));
  } else if (codes !== null && codes <= FEW_CODES) {
    remarks.push(warning(`Few backup codes are left.\n${make}`));
  }
  if (isAuthorized) remarks.push(note('You can add a new method now.'));
  return remarks;
}

function remarksOff({ hasSession, target }: Known): Remark[] {
  const add = note(adviceText([{ do: 'tfa', step: 'add totp' }], target));
  if (!hasSession) return [add];
  const text =
    'The profile still has a two-factor session, which is sent until it ends. The key works without it.';
  return [warning(`${text}\n${adviceText([{ do: 'tfa-logout' }], target)}`), add];
}

function methodTable(methods: readonly TwoFactorMethod[]) {
  const rows = methods.map((method) => ({
    id: String(method.id),
    method: method.method ?? '-',
    label: method.label ?? '-',
    phone: method.phone_number ?? '-',
    primary: method.is_primary === null ? '-' : method.is_primary ? 'yes' : 'no',
    used: timeText(method.last_used),
    locked: timeText(method.locked_until),
  }));
  return table(
    [
      { title: 'ID', value: ({ id }) => id },
      { title: 'METHOD', value: ({ method }) => method },
      { title: 'LABEL', value: ({ label }) => label, shrinks: true },
      { title: 'PHONE', value: ({ phone }) => phone },
      { title: 'PRIMARY', value: ({ primary }) => primary },
      { title: 'LAST USED', value: ({ used }) => used, wraps: true },
      { title: 'LOCKED UNTIL', value: ({ locked }) => locked, wraps: true },
    ],
    rows,
  );
}

function timeText(time: number | null): string {
  const seconds = time === null || time <= 0 ? null : secondsOf(time);
  return seconds === null ? '-' : localTime(seconds);
}
