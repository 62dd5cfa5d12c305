/** What the fast path reads of a flag and of a command; see `KnownFlag` and `KnownCommand` in packages/cli. */
const OF_FLAG = [
  'name',
  'type',
  'char',
  'aliases',
  'charAliases',
  'allowNo',
  'multiple',
  'multipleNonGreedy',
];
const OF_COMMAND = ['hidden', 'aliases', 'hiddenAliases', 'pluginName', 'pluginType', 'wholeConfig'];

/**
 * Makes the short list of commands that the fast path reads at every start. The manifest has ten times as much, for help.
 *
 * @param manifest what oclif made
 * @returns the version, all flags, and the commands with the positions of their flags
 */
export function commandList({ version, commands }) {
  const positions = new Map();
  const positionOf = (flag) => {
    const text = JSON.stringify(some(flag, OF_FLAG));
    if (!positions.has(text)) positions.set(text, positions.size);
    return positions.get(text);
  };
  const short = ({ args = {}, flags = {}, strict, summary, description, ...command }) => ({
    args: Object.fromEntries(Object.keys(args).map((name) => [name, {}])),
    flags: Object.values(flags).map(positionOf),
    summary: summary || description,
    ...(strict === false && { strict }),
    ...some(command, OF_COMMAND),
  });
  const entries = Object.entries(commands).map(([id, command]) => [id, short(command)]);
  return {
    version,
    flags: [...positions.keys()].map((text) => JSON.parse(text)),
    commands: Object.fromEntries(entries),
  };
}

/** Returns some fields of an object, without those that say nothing. */
function some(object, names) {
  const isSaid = (value) => value !== undefined && value !== false && value?.length !== 0;
  return Object.fromEntries(names.filter((name) => isSaid(object[name])).map((name) => [name, object[name]]));
}
