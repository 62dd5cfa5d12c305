/** A command line that a page shows, and where. */
export interface PrintedCommand {
  readonly from: string;
  readonly command: string;
}

/** The placeholders of pages, with a value for each. */
const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/\bYOUR_API_KEY\b/gu, '"$TEST_KEY"'],
  [/ \[KEY\]/gu, ''],
  [/ \[--verbose\]/gu, ''],
  [/\bID…|\bID\b/gu, '42'],
  [/\b(?:NAME|N)\b/gu, 'ci'],
  [/\bFILE\b/gu, 'perms.json'],
  [/\b(?:some-program|COMMAND|python train\.py|make deploy)\b|\.\/(?:deploy|report)\.sh\b/gu, 'true'],
  [/ F\b/gu, ' perms.json'],
];

/** Returns the examples of `--help`. A line that continues ends with a backslash. */
export function commandsInHelp(from: string, help: string): PrintedCommand[] {
  const examples = /\nEXAMPLES\n(.*?)(?:\n[A-Z]|$)/su.exec(help)?.[1] ?? '';
  return commandsOf(from, joined(examples).split('\n'));
}

/** Returns the commands of a page of Markdown: in blocks behind `$ `, in a workflow behind `run: ` or `- `, and within a sentence or a table. */
export function commandsInMarkdown(from: string, text: string): PrintedCommand[] {
  const blocks = [...text.matchAll(/^```\w*\n(.*?)^```/gmsu)].map(([, block = '']) => joined(block));
  const inBlocks = blocks
    .flatMap((block) => block.split('\n'))
    .filter((line) => /^\$ |\brun: |^\s*- vastai /u.test(line));
  const prose = text.replace(/^```\w*\n.*?^```/gmsu, '');
  const inline = [...prose.matchAll(/`([^`]*\bvastai [^`]+)`/gu)].map(([, code = '']) =>
    code.replaceAll('\\|', '|'),
  );
  return commandsOf(from, [...inBlocks, ...inline]);
}

function joined(text: string): string {
  return text.replace(/ \\\n\s*/gu, ' ');
}

function commandsOf(from: string, lines: readonly string[]): PrintedCommand[] {
  return lines
    .map((line) =>
      line
        .trim()
        .replace(/^(?:- )?(?:\$ |run: )?/u, '')
        .replace(/\s+#\s.*$/u, ''),
    )
    .filter((line) => /^(?:[A-Z_]+=\S+ |\w+ show \S+ \| )?vastai \S|^[A-Z_]+=\$\(vastai /u.test(line))
    .map((line) => ({
      from,
      command: PLACEHOLDERS.reduce((text, [pattern, value]) => text.replace(pattern, value), line),
    }));
}
