import { accessSync, constants } from 'node:fs';
import type { Config } from '@oclif/core/config';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { homeFolder } from '@vastai-cli/core/internal/files/home';

/** An error of a plugin with oclif's details, one `name: value` per line. */
interface Noted extends Error {
  readonly detail?: string;
}

export interface BrokenCommands {
  /** A message for each failure. */
  readonly texts: readonly string[];
  /** True if the list of plugins is not JSON: another process may be writing it. */
  readonly isListDamaged: boolean;
}

/**
 * Loads the plugins, and returns a message for each plugin whose commands cannot be loaded, instead of the eight-line
 * Node warning for each command with which oclif reports it.
 */
export async function brokenCommands(config: Config): Promise<BrokenCommands> {
  const failures: Noted[] = [];
  const unreadable: NodeJS.ErrnoException[] = [];
  const { emitWarning } = process;
  const collect = (...args: Parameters<typeof emitWarning>) => {
    // Only oclif's plugins pass an error as the second argument, and its list of plugins passes one as the first.
    const [list, error] = args as readonly unknown[];
    if (error instanceof Error) failures.push(error);
    else if (list instanceof Error) unreadable.push(list);
    else emitWarning(...args);
  };
  process.emitWarning = collect as typeof emitWarning;
  try {
    await config.load();
  } finally {
    process.emitWarning = emitWarning;
  }
  // oclif loads everything again to run the command, and would then print the warning.
  if (unreadable.length > 0) config.options.userPlugins = false;
  return {
    texts: [...unreadable.flatMap(unreadableList), ...withoutCommands(failures)],
    isListDamaged: unreadable.some((error) => error instanceof SyntaxError),
  };
}

/** Explains why the list of installed plugins cannot be read. Returns nothing for a home folder of another user. */
function unreadableList(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOTDIR' || !isHomeOpen()) return [];
  const why =
    error.path === undefined
      ? `The list of plugins is damaged: ${error.message.split('\n', 1)[0]}`
      : explainFileError('read', error.path, error).message;
  return [`Installed plugins are not available. ${why}`];
}

function isHomeOpen(): boolean {
  try {
    accessSync(homeFolder(), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function withoutCommands(failures: readonly Noted[]): string[] {
  return [...new Set(failures.map(pluginOf))].map((plugin) => {
    const its = failures.filter((error) => pluginOf(error) === plugin);
    const commands = its.map((error) => `"${commandOf(error).replaceAll(':', ' ')}"`).join(', ');
    return (
      `Could not load ${commands} of ${plugin}: ${its[0]?.message.split('\n', 1)[0]}\n` +
      `Remove it: vastai plugins uninstall ${plugin}`
    );
  });
}

function pluginOf({ detail }: Noted): string {
  return /^plugin: (.+)$/mu.exec(detail ?? '')?.[1] ?? 'a plugin';
}

function commandOf({ detail }: Noted): string {
  return /^task: findCommand \((.+)\)$/mu.exec(detail ?? '')?.[1] ?? 'a command';
}
