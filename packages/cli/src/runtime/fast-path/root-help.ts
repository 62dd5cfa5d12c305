import {
  FIRST_STEPS,
  LINKS,
  officialLines,
  PAGE_ROWS,
  type Row,
  SUMMARIES,
  USAGE,
} from '../help/first-screen.js';
import type { Installation } from './installed.js';
import { folderOf, type KnownCommand, NotOnFastPath, type Package, readPackage } from './package.js';

/** Describes the format of the page. */
export interface Page {
  /** The width in columns. */
  readonly width: number;
  readonly bold: (text: string) => string;
}

/**
 * Returns the page of `vastai --help`, made from the lists of commands, exactly as oclif prints it.
 *
 * @throws NotOnFastPath if oclif would wrap or render it: a narrow terminal, templates, text that is not ASCII.
 */
export function rootHelp({ cli, plugins }: Installation, page: Page): string {
  const own = (cli.file.oclif.plugins ?? [])
    .filter((name) => name in (cli.file.dependencies ?? {}))
    .map((name) => readPackage(folderOf(name, cli.root)));
  const packages = [cli, ...plugins, ...own];
  const bin = cli.file.oclif.bin ?? cli.file.name;
  const row = ([name, text]: Row): Row => [name, plainText((text.split('\n', 1)[0] ?? '').trim(), bin)];
  const commands = commandsOf(packages).map(row);
  const names = new Set(commands.map(([name]) => name));
  const topics = topicsOf(packages)
    .filter(([name]) => !names.has(name))
    .map(row);
  const sections = [
    plainText(cli.file.description ?? '', bin),
    section('FIRST STEPS', table(FIRST_STEPS, page), page),
    section('USAGE', [`$ ${bin} ${USAGE}`], page),
    ...(topics.length === 0 ? [] : [section('TOPICS', table(topics, page), page)]),
    ...(commands.length === 0 ? [] : [section('COMMANDS', table(commands, page), page)]),
    section(
      'HELP PAGES',
      table(
        PAGE_ROWS.map(([name, text]) => [`help ${name}`, text]),
        page,
      ),
      page,
    ),
    section('OFFICIAL CLI', officialLines(page.width - 2), page),
    section('LINKS', table(LINKS, page), page),
  ];
  return `${sections.join('\n\n')}\n\n`;
}

/** Returns the topics that contain commands. The description of a later package overrides an earlier one. */
function topicsOf(packages: readonly Package[]): Row[] {
  const topics = new Map<string, { description: string; hidden: boolean }>();
  const ids: string[] = [];
  for (const { file, commands } of packages) {
    for (const [name, { description, hidden, subtopics }] of Object.entries(file.oclif.topics ?? {})) {
      if (subtopics !== undefined) throw new NotOnFastPath();
      const known = topics.get(name);
      topics.set(name, {
        description: description || known?.description || '',
        hidden: known?.hidden || hidden || false,
      });
    }
    // oclif sorts the commands of a package, and uses the summary of the first for a topic without one.
    for (const [id, command] of visible(commands).sort(byName)) {
      ids.push(id);
      for (let name = id; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf(':')))) {
        if (!topics.has(name)) topics.set(name, { description: summaryOf(command), hidden: false });
      }
    }
  }
  return [...topics]
    .filter(([name, { hidden }]) => !hidden && !name.includes(':'))
    .filter(([name]) => ids.some((id) => id.startsWith(`${name}:`)))
    .map(([name, { description }]): Row => [name, description])
    .sort(byName);
}

function commandsOf(packages: readonly Package[]): Row[] {
  const rows = new Map<string, string>();
  for (const { commands } of packages) {
    for (const [id, command] of visible(commands)) {
      if (!id.includes(':') && !rows.has(id)) rows.set(id, SUMMARIES[id] ?? summaryOf(command));
      if (command.aliases?.some((alias) => !alias.includes(':'))) throw new NotOnFastPath();
    }
  }
  return [...rows].sort(byName);
}

function visible(commands: Package['commands']): [string, KnownCommand][] {
  return Object.entries(commands).filter(([, { hidden }]) => !hidden);
}

function summaryOf({ summary, description }: KnownCommand): string {
  return summary || description || '';
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}

function table(rows: readonly Row[], { width }: Page): string[] {
  const widest = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, summary]) => {
    if (summary.length > width - widest - 4) throw new NotOnFastPath();
    return summary === '' ? name : `${name.padEnd(widest + 2)}${summary}`;
  });
}

function section(title: string, lines: readonly string[], { bold, width }: Page): string {
  if (lines.some((line) => line.length > width - 2)) throw new NotOnFastPath();
  return [bold(title), ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Renders the only template that oclif's plugins use. @throws NotOnFastPath for others, and for text that is not ASCII. */
function plainText(text: string, bin: string): string {
  const rendered = text.replaceAll('<%= config.bin %>', bin);
  if (rendered.includes('<%') || !/^[\x20-\x7e]*$/u.test(rendered)) throw new NotOnFastPath();
  return rendered;
}
