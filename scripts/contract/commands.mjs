// Makes the snapshot of all commands of the CLI and its official plugins from the manifests that the build wrote.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Left out, because no script depends on it: words for people, and what oclif notes for itself. */
const COMMAND_NOTES = [
  'description',
  'examples',
  'id',
  'pluginAlias',
  'pluginType',
  'summary',
  'usage',
  'wholeConfig',
];
const INPUT_NOTES = ['description', 'summary', 'helpValue', 'helpLabel', 'hasDynamicHelp', 'noCacheDefault'];
/** Lists whose order says nothing. */
const SETS = new Set(['aliases', 'charAliases', 'dependsOn', 'exactlyOne', 'exclusive', 'hiddenAliases']);

/**
 * @param root the checkout
 * @returns each manifest, as `packages/NAME/oclif.manifest.json` has it
 */
export function readManifests(root) {
  return readdirSync(join(root, 'packages'))
    .filter((name) => name === 'cli' || name.startsWith('plugin-'))
    .map((name) => JSON.parse(readFileSync(join(root, 'packages', name, 'oclif.manifest.json'), 'utf8')));
}

/** @returns the commands by their words, with arguments and flags; what is false or empty is left out */
export function commandsOf(manifests) {
  const commands = manifests
    .flatMap((manifest) => Object.entries(manifest.commands))
    // The CLI lists the commands of plugins that may not be installed yet; their own manifests have them.
    .filter(([, { pluginType }]) => pluginType !== 'jit')
    .map(([id, command]) => [id.replaceAll(':', ' '), commandOf(command)]);
  return sorted(Object.fromEntries(commands));
}

function commandOf({ args, flags, ...command }) {
  return sorted({
    ...said(command, COMMAND_NOTES),
    args: Object.values(args).map((arg) => sorted(said(arg, INPUT_NOTES))),
    flags: sorted(
      Object.fromEntries(
        Object.entries(flags).map(([name, { name: _, ...flag }]) => [name, sorted(said(flag, INPUT_NOTES))]),
      ),
    ),
  });
}

function said(fields, notes) {
  const entries = Object.entries(fields).filter(
    ([name, value]) => !notes.includes(name) && value !== false && !isEmpty(value),
  );
  return Object.fromEntries(
    entries.map(([name, value]) => [name, SETS.has(name) ? [...value].sort() : value]),
  );
}

const isEmpty = (value) => Array.isArray(value) && value.length === 0;

const sorted = (fields) =>
  Object.fromEntries(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)));
