import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Environment, readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import { type FoundProgram, lookAt, programsOnPath } from '../../official/programs-on-path.js';
import { versionBeside } from '../../official/python-packages.js';
import { distrust } from '../../official/trusted-program.js';
import { type Finding, info, problem } from './finding.js';

const KINDS: Readonly<Record<FoundProgram['kind'], string>> = {
  this: 'this CLI',
  copy: 'another copy of vastai-cli',
  official: 'the official CLI',
  unknown: 'not recognised',
};

/**
 * Lists every program named `vastai` on PATH in its order, and says which one a shell starts, and how to change that if it
 * is not this CLI. Reports an official CLI that is not started because another user could change it. Runs none of them.
 *
 * @param ownRoot the folder of our own package
 */
export function checkPath(ownRoot: string): Finding[] {
  const environment = readEnvironment(process.env);
  const named = environment.VASTAI_OFFICIAL_CLI;
  const found = [...programsOnPath(environment, ownRoot)];
  const chosen = named === undefined ? undefined : lookAt(named, environment, ownRoot);
  const findings = (program: FoundProgram, note: string) => findingsOf(program, note, environment);
  return [
    ...found.flatMap((program, at) => findings(program, at === 0 ? ', started by "vastai"' : '')),
    ...(chosen === undefined ? [] : findings({ ...chosen, kind: 'official' }, ', from VASTAI_OFFICIAL_CLI')),
    ...toStartOurs(found),
  ];
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

function findingsOf(program: FoundProgram, note: string, environment: Environment): Finding[] {
  const { path, kind, targets } = program;
  const version = versionOf(program);
  const [target = path, other] = targets;
  const behind =
    target === path ? '' : `, which starts ${other === undefined ? target : targets.join(' or ')}`;
  const line = `${path}: ${KINDS[kind]}${version === undefined ? '' : ` ${version}`}${behind}${note}`;
  const listed = info('path', line);
  if (kind !== 'official') return [listed];
  const refused = distrust(target, environment);
  if (refused === undefined) return [listed];
  return [listed, problem('path', `${target} is never started: ${refused.reason}.`, refused.fix)];
}

function versionOf({ path, kind, targets }: FoundProgram): string | undefined {
  const program = realpathSync(targets[0] ?? path);
  if (kind === 'official') return versionBeside(program);
  try {
    const file = join(dirname(dirname(program)), 'package.json');
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    return name === 'vastai-cli' ? version : undefined;
  } catch {
    return undefined;
  }
}
