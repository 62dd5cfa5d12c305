import type { ApiResponse } from '@vastai-cli/core/internal/api/read-response';
import type { TwoFactorMethod, TwoFactorStatus } from '@vastai-cli/core/internal/api/two-factor';
import { localTime } from '@vastai-cli/core/internal/base/local-time';
import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import { line, note, type Remark, type Result, table, warning } from '@vastai-cli/kit/result';

/** As few backup codes as this are worth a warning. */
const FEW = 3;

export function statusResult({ value, raw }: ApiResponse<TwoFactorStatus>): Result {
  const { methods, backup_codes_remaining: codes } = value;
  const isOn = value.tfa_enabled ?? methods.length > 0;
  return {
    document: value,
    raw,
    human: [
      line(`Two-factor login: ${isOn ? 'on' : 'off'}`),
      ...(methods.length === 0 ? [] : [methodTable(methods)]),
      ...(isOn && codes !== null ? [line(`Backup codes left: ${codes}`)] : []),
    ],
    remarks: isOn ? remarksOn(value) : [note('Add a method with "vastai tfa add totp".')],
  };
}

function remarksOn({
  backup_codes_remaining: codes,
  new_method_authorized: isAuthorized,
}: TwoFactorStatus): Remark[] {
  const remarks: Remark[] = [];
  if (codes !== null && codes <= FEW) {
    remarks.push({
      ...warning('Make new backup codes with "vastai tfa regen-codes" before you need them.'),
      forPeople: true,
    });
  }
  if (isAuthorized) remarks.push({ ...note('A new method can be added now.'), forPeople: true });
  return remarks;
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
