import { readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type Environment, readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import { findOfficialCli, isOfficialCliThere } from '../../official/find-cli.js';
import { type FoundProgram, lookAt, programsOnPath } from '../../official/programs-on-path.js';
import { versionBeside } from '../../official/python-packages.js';
import { expected, type Finding, failed, info } from './finding.js';

const KINDS: Readonly<Record<FoundProgram['kind'], string>> = {
  this: 'this CLI',
  copy: 'another copy of vastai-cli',
  official: 'the official CLI',
  unknown: 'not recognised',
};

/**
 * Lists every program named `vastai` on PATH in its order, and says which one a shell starts, and how to change that if it
 * is not this CLI. Reports an official CLI that is not started, such as one that another user could change. Runs none of
 * them.
 *
 * @param ownRoot the folder of our own package
 */
export function checkPath(ownRoot: string): Finding[] {
  const environment = readEnvironment(process.env);
  const found = [...programsOnPath(environment, ownRoot)];
  return [
    ...found.map((program, at) => listed(program, at === 0 ? ', started by "vastai"' : '')),
    ...named(environment, ownRoot),
    ...toStartOurs(found),
    ...notStarted(environment, ownRoot),
  ];
}

/** Lists the program that VASTAI_OFFICIAL_CLI names. */
function named(environment: Environment, ownRoot: string): Finding[] {
  const { VASTAI_OFFICIAL_CLI: path } = environment;
  const program = path !== undefined && isAbsolute(path) ? lookAt(path, environment, ownRoot) : undefined;
  if (program === undefined) return [];
  const kind = program.kind === 'unknown' ? 'official' : program.kind;
  return [listed({ ...program, kind }, ', from VASTAI_OFFICIAL_CLI')];
}

/** Reports why the commands of an official CLI that is there would fail. */
function notStarted(environment: Environment, ownRoot: string): Finding[] {
  if (!isOfficialCliThere(environment, ownRoot)) return [];
  try {
    findOfficialCli(ownRoot, []);
    return [];
  } catch (error) {
    return [failed('path', expected(error))];
  }
}

/** Advises how to start this CLI by its name where another program has it. That may be as the person wants it. */
function toStartOurs([first, ...others]: readonly FoundProgram[]): Finding[] {
  const ours = others.find(({ kind }) => kind === 'this');
  if (first === undefined || first.kind === 'this' || ours === undefined) return [];
  const line = `"vastai" starts ${first.path}, not this CLI.`;
  const folder = shellWord(dirname(ours.path));
  const fix = [
    `To start this CLI instead: export PATH=${folder}:"$PATH"`,
    `To call it by another name: alias vkeys=${shellWord(ours.path)}`,
  ];
  return [{ ...info('path', line), fix: fix.join('\n') }];
}

function listed(program: FoundProgram, note: string): Finding {
  const { path, kind, targets } = program;
  const version = versionOf(program);
  const [target = path, other] = targets;
  const behind =
    target === path ? '' : `, which starts ${other === undefined ? target : targets.join(' or ')}`;
  return info('path', `${path}: ${KINDS[kind]}${version === undefined ? '' : ` ${version}`}${behind}${note}`);
}

function versionOf({ path, kind, targets }: FoundProgram): string | undefined {
  const program = realpathSync.native(targets[0] ?? path);
  if (kind === 'official') return versionBeside(program);
  try {
    const file = join(dirname(dirname(program)), 'package.json');
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    return name === 'vastai-cli' ? version : undefined;
  } catch {
    return undefined;
  }
}
