import type { Advice } from '@vastai-cli/core/internal/base/advice';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { adviceDocuments } from '@vastai-cli/kit/render/advice';
import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';
import { unclearEffect } from '@vastai-cli/permissions/explain/unclear-effect';
import { quote } from '@vastai-cli/permissions/json/quote';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Compared } from './compare.js';
import type { ExpectedFile } from './expected-files.js';

/** Describes what to do about one difference. */
export interface PlannedStep {
  readonly reference: string | null;
  readonly file: string | null;
  /** One or more sentences. */
  readonly text: string;
  /** Commands to type, in order. Empty if no command does it. */
  readonly commands: readonly string[];
}

/** Plans how to make the account what the folder says. The permissions of a key cannot be changed, so keys are replaced. */
export function planFor(differences: readonly Compared[], target: AdviceTarget): PlannedStep[] {
  const replaced = new Set<ExpectedFile>();
  return differences.map((difference) => {
    const { text, steps = [] } = stepFor(difference, replaced);
    const { reference, file } = difference;
    return {
      reference,
      file,
      text,
      commands: adviceDocuments(steps, target).flatMap(({ command }) => command ?? []),
    };
  });
}

interface Step {
  readonly text: string;
  readonly steps?: readonly Advice[];
}

/** @param replaced the files from which an earlier step makes a key; this step adds its own */
function stepFor(difference: Compared, replaced: Set<ExpectedFile>): Step {
  const { state, holder, expected, hasTwin } = difference;
  const file = printable(difference.file ?? '');
  if (state === 'invalid_file') return { text: `Correct ${file}, which has errors.` };
  if (state === 'unknown' && holder === undefined)
    return { text: `Compare the role of ${file} in the Vast.ai console: the API did not list the roles.` };
  const called = `${printable(difference.reference ?? '')}${namedIn(difference)}`;
  if ((holder?.kind ?? expected?.kind) === 'role') return { text: roleText(difference, called, file) };
  if (holder === undefined) {
    const creation = creationOf(difference);
    return creation ?? { text: `Create the key of ${file}. Its name cannot be typed in a command.` };
  }
  if (holder.isSystem) return { text: `Vast.ai created ${called}. It can be neither replaced nor deleted.` };
  const deletion: readonly Advice[] = holder.id === null ? [] : [{ do: 'delete-key', id: holder.id }];
  if (state === 'no_file')
    return { text: `Delete ${called} if nothing uses it, or add a file for it.`, steps: deletion };
  if (hasTwin)
    return { text: `Delete ${called} if nothing uses it: another key matches ${file}.`, steps: deletion };
  if (expected !== undefined && replaced.has(expected)) {
    return {
      text: `Replace ${called} with the new key from ${file}, too, then delete it.`,
      steps: deletion,
    };
  }
  const creation = creationOf(difference);
  if (creation?.steps === undefined) {
    return { text: `Replace ${called} with a key from ${file}. Its name cannot be typed in a command.` };
  }
  if (expected !== undefined) replaced.add(expected);
  return {
    steps: [...creation.steps, ...deletion],
    text: `Replace ${called} with a key from ${file}. Put the new key wherever the old one is used before you delete the old one.${creation.remark ?? ''}`,
  };
}

function creationOf({ file, name, expected }: Compared): (Step & { readonly remark?: string }) | undefined {
  // Printing removes characters that a terminal does not show, so a command with one would do something else.
  if (file === null || name === null || !isTypeable(file) || !isTypeable(name)) return undefined;
  const isUnclear = unclearEffect(expected?.document ?? null).length > 0;
  const remark = isUnclear ? ' What the file grants is not documented.' : '';
  return {
    text: `Create the key ${quote(name)}.${remark}`,
    steps: [{ do: 'create-key', name, file, ...(isUnclear ? { allowUnknown: true } : {}) }],
    remark,
  };
}

function isTypeable(text: string): boolean {
  return text !== '' && serverText(text, Number.POSITIVE_INFINITY) === text;
}

function namedIn({ name, holder }: Compared): string {
  return name === null || holder?.kind === 'role' ? '' : ` (${quote(name)})`;
}

function roleText({ state }: Compared, called: string, file: string): string {
  if (state === 'no_key') return `Create the role of ${file} in the Vast.ai console.`;
  if (state === 'no_file') return `Remove ${called} in the Vast.ai console, or add a file for it.`;
  return `Change ${called} in the Vast.ai console to match ${file}.`;
}
