import { existsSync } from 'node:fs';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readInputFile } from '@vastai-cli/kit/input/files';
import type { Baseline } from '@vastai-cli/permissions/report/baseline';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';

/** Names the file of known findings: one to read, or one to write. */
export interface AcceptedFindings {
  readonly baseline?: string | undefined;
  readonly writeBaseline?: string | undefined;
}

/**
 * Returns the findings that a baseline file does not hold. With `writeBaseline` all of them are written to the file,
 * so that none is left; it replaces nothing but another baseline.
 *
 * @throws UsageError when the file cannot be read or written, or is not a baseline.
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
    import('../../files/replace-file.js'),
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
  throw new UsageError(
    `${name} is not a baseline.`,
    'Write one with --write-baseline, under a name of its own.',
  );
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
