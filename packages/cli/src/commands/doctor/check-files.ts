import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { homeError } from '@vastai-cli/core/internal/files/home';
import { planMigration } from '@vastai-cli/core/internal/operations/migrate/migrate';
import type { Change } from '@vastai-cli/core/internal/operations/migrate/step';
import { type Finding, info, ok, problem } from './finding.js';

/** Checks folders, modes and the old places of keys: reports what `config migrate` would change. */
export async function checkFiles(context: Context): Promise<Finding[]> {
  const homeless = homeError(context.paths.configFolder);
  if (homeless !== undefined) return [info('file', `${homeless.message} ${homeless.hint}`)];
  try {
    return findingsOf(await planMigration(context), context);
  } catch (error) {
    // The saved key cannot be read. The check of the keys reports that.
    if (!isVastaiError(error) || error.code !== 'storage') throw error;
    return [info('file', `Cannot tell what to migrate: ${error.message}`)];
  }
}

const MIGRATE = [{ do: 'migrate', purpose: '' }] as const;

function findingsOf(changes: readonly Change[], context: Context): Finding[] {
  const findings = changes.map(({ action, from, note, fix }) =>
    action === 'report' && fix === undefined
      ? info('file', `${from}: ${note}`)
      : problem('file', `${from}: ${note}`, fix ?? MIGRATE),
  );
  const wrong = findings.some(({ state }) => state === 'problem');
  return wrong ? findings : [ok('file', `${context.paths.configFolder} has no problems.`), ...findings];
}
