import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { documentOfGrants } from '@vastai-cli/permissions/authoring/grants';
import { presetNamed } from '@vastai-cli/permissions/authoring/presets';
import { documentText } from '@vastai-cli/permissions/document/document-text';

/** Permissions that are named instead of written. */
export interface Grants {
  /** The name of a preset; what is allowed beside it is added. */
  readonly preset?: string | undefined;
  /** Each as `CATEGORY[:ENDPOINT[:param=value]]`. */
  readonly allow?: readonly string[] | undefined;
}

/** The permission document that some grants make. @throws UsageError */
export function grantedText({ preset, allow = [] }: Grants): string {
  const api = preset === undefined ? {} : presetNamed(preset)?.document.api;
  if (api === undefined) throw new UsageError('There is no such preset.');
  // A preset grants whole categories.
  const made = documentOfGrants([...Object.keys(api), ...allow]);
  if ('document' in made) return documentText(made.document);
  throw new UsageError('--allow takes CATEGORY[:ENDPOINT[:param=value]].', made.problems.join('\n'));
}
