import type { Config } from '@oclif/core/config';
import { bashCompletion } from './bash.js';
import { completedOf, officialCommands, shownCommands } from './completed.js';
import { fishCompletion } from './fish.js';
import { powershellCompletion } from './powershell.js';
import { thisProgram } from './program.js';
import { zshCompletion } from './zsh.js';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** Returns the completion script for a shell. It is complete: sourcing it needs no other file. */
export function completionScript(shell: Shell, config: Config): string {
  const program = thisProgram();
  if (shell === 'fish') {
    const topics = new Map(config.topics.map(({ name, description }) => [name, description]));
    const commands = shownCommands(config);
    const ours = commands.map(({ id }) => ({ name: id.replaceAll(':', ' ') }));
    const official = officialCommands(ours).map(({ name }) => ({
      id: name.replaceAll(' ', ':'),
      summary: 'A command of the official CLI.',
      flags: {},
      args: { any: {} },
    }));
    return fishCompletion([...commands.map(fishCommand), ...official], topics, program);
  }
  const write = { bash: bashCompletion, zsh: zshCompletion, powershell: powershellCompletion }[shell];
  return write(completedOf(config), program);
}

function fishCommand({ id, summary, description, flags, args }: Config['commands'][number]) {
  return { id, summary: summary ?? description, flags, args };
}

/** Recognizes a shell by its name or its path; `undefined` if it is not supported. */
export function shellOf(name: string): Shell | undefined {
  const plain = /(?<base>[^/\\]*?)(?:\.exe)?$/iu.exec(name)?.groups?.base?.toLowerCase();
  return plain === 'pwsh' ? 'powershell' : SHELLS.find((shell) => shell === plain);
}
