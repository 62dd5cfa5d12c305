import { UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Collected } from '../keys/collected.js';
import { Breath } from './breath.js';
import { scanFiles } from './files.js';

/** Describes where to look for keys. */
export type Place =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'staged' }
  | { readonly kind: 'history'; readonly range: string };

/** Returns the one place that a command line names. @throws UsageError if it names several */
export function requireOnePlace(
  paths: readonly string[],
  { staged, git }: { readonly staged: boolean; readonly git: string | undefined },
): Place {
  const named = [
    ...(paths.length > 0 ? ['PATH'] : []),
    ...(staged ? ['--staged'] : []),
    ...(git === undefined ? [] : ['--git']),
  ];
  if (named.length > 1) throw new UsageError(`${named.join(' and ')} cannot be used together.`);
  if (staged) return { kind: 'staged' };
  if (git !== undefined) return { kind: 'history', range: git };
  return { kind: 'files', paths: paths.length > 0 ? paths : ['.'] };
}

/** Looks for keys in a place. Git is loaded only if it is needed. */
export async function scanPlace(place: Place, into: Collected, interruption: AbortSignal): Promise<void> {
  const breath = new Breath();
  if (place.kind === 'files') return scanFiles(place.paths, into, breath);
  const { scanHistory, scanStaged } = await import('./git-content.js');
  return place.kind === 'staged'
    ? scanStaged(into, breath, interruption)
    : scanHistory(place.range, into, breath, interruption);
}
