import type { Command } from '@oclif/core/command';
import { CommandHelp, Help } from '@oclif/core/help';
import type { Config, HelpOptions, Topic } from '@oclif/core/interfaces';
import { widthOf } from '@vastai-cli/kit/render/text-width';
import { theirCommandsBelow } from '../../official/their-commands.js';
import { FIRST_STEPS, filled, LINKS, officialLines, PAGE_ROWS, type Row, USAGE } from './first-screen.js';
import { type HelpPage, helpPage } from './pages.js';

/** Declares what oclif's types leave out. */
interface Formatter {
  readonly indentSpacing: number;
  readonly opts: { readonly maxWidth: number };
}

type ListOptions = Parameters<CommandHelp['renderList']>[1];

class VastaiCommandHelp extends CommandHelp {
  /** Promises several arguments only where one is declared `multiple`: oclif does wherever a command is not strict. */
  constructor(command: Command.Loadable, config: Config, opts: HelpOptions) {
    super({ ...command, strict: true }, config, opts);
  }

  /**
   * Writes a name for a value in the usage, where a list of values is too long for one line. Shows no dependencies between
   * flags: oclif would print `[--keep-file --to NAME]`, as if `--to` needed `--keep-file`.
   */
  protected override defaultUsage(): string {
    const all = this.command;
    const flags = Object.entries(all.flags ?? {}).map(([name, flag]) => [
      name,
      { ...withValueName(flag), dependsOn: undefined },
    ]);
    this.command = { ...all, flags: Object.fromEntries(flags) };
    const usage = super.defaultUsage();
    this.command = all;
    return usage.replaceAll(' ]', ']');
  }

  /** Leaves out the summary, which is already at the top. */
  protected override description(): string | undefined {
    const { summary, description } = this.command;
    return summary === undefined || description === undefined
      ? super.description()
      : this.wrap(this.render(description));
  }

  /** Lists the flags that every command takes last. */
  protected override groupFlags(flags: Command.Flag.Any[]) {
    const { mainFlags, flagGroups } = super.groupFlags(flags);
    const { GLOBAL, ...own } = flagGroups;
    return { mainFlags, flagGroups: { ...own, ...(GLOBAL && { GLOBAL }) } };
  }

  /** Lists the allowed values in a sentence, as for flags. */
  protected override args(args: Command.Arg.Any[]): [string, string | undefined][] | undefined {
    return super.args(
      args.map(({ options, ...arg }) =>
        options === undefined ? arg : { ...arg, description: withChoice(arg, options) },
      ),
    );
  }

  /** Lists the allowed values in a sentence, which breaks at spaces and not within a value. */
  protected override flags(flags: Command.Flag.Any[]): [string, string | undefined][] | undefined {
    return super.flags(
      flags.map((flag) => {
        if (flag.type !== 'option' || flag.options === undefined) return flag;
        return { ...withValueName(flag), description: withChoice(flag, flag.options) };
      }),
    );
  }

  /**
   * Breaks the commands of examples only between shell words. oclif breaks at any space, and a backslash within quotation
   * marks becomes part of the word, so the printed command would not work.
   */
  override wrap(body: string, spacing: number = formatterOf(this).indentSpacing): string {
    if (!body.includes('$ ') || !/['"]/u.test(body)) return super.wrap(body, spacing);
    return fill(body, formatterOf(this).opts.maxWidth - spacing);
  }

  /** Makes a list narrower if it does not fit: oclif forgets one level of its indent. */
  override renderList(input: (string | undefined)[][], options: ListOptions): string {
    const text = super.renderList(input, options);
    const { indentSpacing, opts } = formatterOf(this);
    const isTooWide = text.split('\n').some((line) => widthOf(line) > opts.maxWidth - indentSpacing);
    if (!isTooWide) return text;
    return super.renderList(input, {
      ...options,
      indentation: options.indentation + indentSpacing,
      multiline: true,
    });
  }
}

function formatterOf(help: CommandHelp): Formatter {
  return help as unknown as Formatter;
}

function withChoice({ description = '' }: { description?: string }, options: readonly string[]): string {
  return `${description} One of: ${options.join(', ')}.`;
}

function withValueName(flag: Command.Flag.Any): Command.Flag.Any {
  if (flag.type !== 'option' || flag.options === undefined) return flag;
  return { ...flag, helpValue: flag.helpValue ?? 'NAME' };
}

/** Replaces oclif's help with that of vastai: the first screen, the pages, and the help of each command. */
export default class VastaiHelp extends Help {
  protected override CommandHelpClass = VastaiCommandHelp;

  override async showHelp(argv: string[]): Promise<void> {
    const [word, ...more] = argv.filter((one) => one !== 'help' && !one.startsWith('-'));
    const page = word !== undefined && more.length === 0 ? helpPage(word) : undefined;
    if (page === undefined) return super.showHelp(argv);
    this.log(this.#format(page));
    const topic = this.sortedTopics.find(({ name }) => name === word);
    if (topic === undefined) return;
    this.log('');
    await this.showTopicHelp(topic);
  }

  protected override async showRootHelp(): Promise<void> {
    await super.showRootHelp();
    this.log(this.section('HELP PAGES', this.#list(PAGE_ROWS.map(([name, text]) => [`help ${name}`, text]))));
    this.log('');
    this.log(this.section('OFFICIAL CLI', officialLines(this.opts.maxWidth - 2).join('\n')));
    this.log('');
    this.log(this.section('LINKS', this.#list(LINKS)));
    this.log('');
  }

  /** Adds the commands of the official CLI below the same topic, as far as they are not ours. */
  protected override async showTopicHelp(topic: Topic): Promise<void> {
    await super.showTopicHelp(topic);
    const ours = new Set(this.config.commandIDs);
    const theirs = theirCommandsBelow(topic.name).filter((name) => !ours.has(`${topic.name}:${name}`));
    if (theirs.length === 0) return;
    const text = `More "${topic.name}" commands, if Vast.ai's own CLI is installed: ${theirs.join(', ')}.`;
    this.log(this.section('OFFICIAL CLI', filled(text, this.opts.maxWidth - 2).join('\n')));
    this.log('');
  }

  // A topic that is also a command is listed only as a command.
  protected override get sortedTopics(): Topic[] {
    const commands = new Set(this.sortedCommands.map(({ id }) => id));
    return super.sortedTopics.filter(({ name }) => !commands.has(name));
  }

  override formatRoot(): string {
    return [
      this.wrap(this.config.pjson.description ?? ''),
      this.section('FIRST STEPS', this.#list(FIRST_STEPS)),
      this.section('USAGE', `$ ${this.config.bin} ${USAGE}`),
    ].join('\n\n');
  }

  #list(rows: readonly Row[]): string {
    return this.renderList(
      rows.map(([name, text]) => [name, text]),
      { indentation: 2, spacer: '\n', stripAnsi: this.opts.stripAnsi ?? false },
    );
  }

  #format({ title, paragraphs, list, examples = [] }: HelpPage): string {
    const commands = examples.map((command) => `$ ${command}`).join('\n');
    return [
      title,
      ...paragraphs.map((text) => this.wrap(text)),
      ...(list === undefined ? [] : [this.section(list.title, this.#list(list.rows))]),
      ...(commands === '' ? [] : [this.section('EXAMPLES', commands)]),
    ].join('\n\n');
  }
}

function fill(command: string, width: number): string {
  const lines: string[] = [];
  for (const word of command.match(/(?:'[^']*'|"[^"]*"|\S)+/gu) ?? []) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}
