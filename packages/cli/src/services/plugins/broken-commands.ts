/** What oclif notes on an error of a plugin, one `name: value` in a line. */
interface Noted extends Error {
  readonly detail?: string;
}

/**
 * Loads plugins, and gives what to say of their commands that could not be: a plugin without a manifest is asked for
 * each of its commands at every start. oclif leaves such a command out too, but has Node print it as a warning, in
 * eight lines.
 */
export async function brokenCommands(
  load: () => Promise<void>,
  onUnreadableList: () => void,
): Promise<string[]> {
  const failures: Noted[] = [];
  const { emitWarning } = process;
  const collect = (...args: Parameters<typeof emitWarning>) => {
    // Only oclif's plugins hand the error over like this, in the place of options.
    const [warning, error] = args as readonly unknown[];
    if (error instanceof Error) failures.push(error);
    // A list of plugins that is no JSON: another process may be writing it.
    else if (warning instanceof SyntaxError) onUnreadableList();
    else emitWarning(...args);
  };
  process.emitWarning = collect as typeof emitWarning;
  try {
    await load();
  } finally {
    process.emitWarning = emitWarning;
  }
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
