import { expect } from 'vitest';

/** Describes one finding of the doctor. */
interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'info' | 'problem';
  readonly message: string;
  readonly fix?: string;
}

/** Describes the result of a run of the doctor. */
interface Doctor {
  readonly status: number | null;
  readonly checks: readonly Finding[];
  readonly problems: readonly Finding[];
}

type Run = (
  args: readonly string[],
  options?: { env?: Record<string, string | undefined> },
) => Promise<{
  readonly status: number | null;
  readonly stderr: string;
  json(): { readonly checks: readonly Finding[] };
}>;

/** Runs "vastai doctor --json"; its exit status, its report and its fixes have to agree. */
export async function doctor(vastai: Run, env: Record<string, string | undefined> = {}): Promise<Doctor> {
  const ran = await vastai(['doctor', '--json', '--retry', '0'], { env });
  expect(ran.stderr).toBe('');
  const { checks } = ran.json();
  const problems = checks.filter(({ state }) => state === 'problem');
  // The status says the same as the report, and every problem says what mends it.
  expect(ran.status).toBe(problems.length === 0 ? 0 : 10);
  for (const { fix } of problems) expect(fix).toMatch(/./);
  return { status: ran.status, checks, problems };
}
