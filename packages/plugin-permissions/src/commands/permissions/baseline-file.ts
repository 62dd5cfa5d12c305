import { existsSync } from 'node:fs';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readInputFile } from '@vastai-cli/kit/input/files';
import type { Baseline } from '@vastai-cli/permissions/report/baseline';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';

/** Holds the path of the baseline to read or to write. */
export interface AcceptedFindings {
  readonly baseline?: string | undefined;
  readonly writeBaseline?: string | undefined;
}

/**
 * Returns the findings that are not in a baseline file. With `writeBaseline`, writes all of them to the file and returns
 * none. Overwrites only a file that is a baseline.
 *
 * @throws UsageError if the file cannot be read or written, or is not a baseline.
 */
export async function acceptFindings(
  found: readonly Diagnostic[],
  { baseline, writeBaseline }: AcceptedFindings,
): Promise<readonly Diagnostic[]> {
  if (baseline !== undefined) {
    const { beyondBaseline } = await import('@vastai-cli/permissions/report/baseline');
    return beyondBaseline(found, await readBaselineFile(baseline));
  }
  if (writeBaseline === undefined) return found;
  if (existsSync(writeBaseline)) await readBaselineFile(writeBaseline);
  const [{ baselineOf }, { replaceFile }] = await Promise.all([
    import('@vastai-cli/permissions/report/baseline'),
    import('@vastai-cli/core/internal/files/replace-file'),
  ]);
  await replaceFile(writeBaseline, `${JSON.stringify(baselineOf(found), null, 2)}\n`);
  return [];
}

async function readBaselineFile(path: string): Promise<Baseline> {
  const [{ readBaseline }, { name, bytes }] = await Promise.all([
    import('@vastai-cli/permissions/report/baseline'),
    readInputFile(path),
  ]);
  const baseline = readBaseline(parse(bytes));
  if (baseline !== undefined) return baseline;
  throw new UsageError(`${name} is not a baseline.`, 'Create one with --write-baseline and a new file name.');
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
