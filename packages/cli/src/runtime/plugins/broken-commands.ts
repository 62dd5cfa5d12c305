import { accessSync, constants } from 'node:fs';
import type { Config } from '@oclif/core/config';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { homeFolder } from '@vastai-cli/core/internal/files/home';

/** What oclif notes on an error of a plugin, one `name: value` in a line. */
interface Noted extends Error {
  readonly detail?: string;
}

export interface BrokenCommands {
  /** What to say of each. */
  readonly texts: readonly string[];
  /** Whether the list of plugins is no JSON: another process may be writing it. */
  readonly isListDamaged: boolean;
}

/**
 * Loads plugins, and gives what to say of their commands that could not be: a plugin without a manifest is asked for
 * each of its commands at every start. oclif leaves such a command out too, but has Node print it as a warning, in
 * eight lines.
 */
export async function brokenCommands(config: Config): Promise<BrokenCommands> {
  const failures: Noted[] = [];
  const unreadable: NodeJS.ErrnoException[] = [];
  const { emitWarning } = process;
  const collect = (...args: Parameters<typeof emitWarning>) => {
    // Only oclif's plugins hand the error over like this, in the place of options; its list of plugins, as the warning.
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
  // oclif loads everything once more to run the command, and would have Node print this then.
  if (unreadable.length > 0) config.options.userPlugins = false;
  return {
    texts: [...unreadable.flatMap(unreadableList), ...withoutCommands(failures)],
    isListDamaged: unreadable.some((error) => error instanceof SyntaxError),
  };
}

/** Says why the list of the plugins that the user installed could not be read; nothing of a home that is not the user's. */
function unreadableList(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOTDIR' || !isHomeOpen()) return [];
  const why =
    error.path === undefined
      ? `The list of plugins is damaged: ${error.message.split('\n', 1)[0]}`
      : explainFileError('read', error.path, error).message;
  return [`Without the plugins that were installed. ${why}`];
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
      `Without ${commands} of ${plugin}, which could not be loaded: ${its[0]?.message.split('\n', 1)[0]}\n` +
      `To be rid of it: vastai plugins uninstall ${plugin}`
    );
  });
}

function pluginOf({ detail }: Noted): string {
  return /^plugin: (.+)$/mu.exec(detail ?? '')?.[1] ?? 'a plugin';
}

function commandOf({ detail }: Noted): string {
  return /^task: findCommand \((.+)\)$/mu.exec(detail ?? '')?.[1] ?? 'a command';
}
