import type { Installation } from './installed.js';
import { type KnownCommand, type Package, Unusual } from './package.js';

interface Found {
  readonly command: KnownCommand;
  readonly package: Package;
}

/** A command that was typed, and the words after its name. */
export interface TypedCommand {
  readonly id: string;
  readonly package: Package;
  readonly argv: readonly string[];
}

/**
 * Which command the words are, by the rules of oclif with a space between topics.
 *
 * @throws Unusual when they are none, when they ask for its help, or when oclif has to choose between packages.
 */
export function findCommand(words: readonly string[], { cli, plugins }: Installation): TypedCommand {
  const found = new Map<string, Found>();
  const promised = new Map<string, string | undefined>();
  const ambiguous = new Set<string>();
  for (const one of [cli, ...plugins]) {
    for (const [id, command] of Object.entries(one.commands)) {
      const isTaken = found.has(id) || (promised.has(id) && promised.get(id) !== one.file.name);
      if (command.pluginType === 'jit') promised.set(id, command.pluginName);
      else found.set(id, { command, package: one });
      for (const other of [...(isTaken ? [id] : []), ...aliasesOf(command)]) ambiguous.add(other);
    }
  }
  const topics = new Set([...found.keys(), ...promised.keys(), ...ambiguous].flatMap(beginnings));
  let id = '';
  let count = 0;
  for (const word of words) {
    const longer = id === '' ? word : `${id}:${word}`;
    if (word === '' || word.includes(':') || !topics.has(longer)) break;
    id = longer;
    count += 1;
  }
  const hit = found.get(id);
  if (hit === undefined || ambiguous.has(id) || asksForHelp(words, cli)) throw new Unusual();
  const argv = words.slice(count);
  if (!mayFollow(argv[0], hit.command)) throw new Unusual();
  return { id, package: hit.package, argv };
}

/** `a`, `a:b` and `a:b:c` of `a:b:c`. */
function beginnings(id: string): string[] {
  return id.split(':').map((_, at, parts) => parts.slice(0, at + 1).join(':'));
}

function aliasesOf({ aliases = [], hiddenAliases = [] }: KnownCommand): string[] {
  return [...aliases, ...hiddenAliases];
}

function asksForHelp(words: readonly string[], { file }: Package): boolean {
  const flags = ['--help', ...(file.oclif.additionalHelpFlags ?? [])];
  const end = words.indexOf('--');
  return (end === -1 ? words : words.slice(0, end)).some((word) => flags.includes(word));
}

/** After a command without arguments oclif takes a word for a part of its name. */
function mayFollow(word: string | undefined, { args, strict }: KnownCommand): boolean {
  if (word === undefined || word.startsWith('-') || word.includes('=')) return true;
  return strict === false || Object.keys(args).length > 0;
}
