import { CommandHelp } from '@oclif/core/help';

interface Formatter {
  readonly opts: { readonly maxWidth: number };
  wrap(body: string, spacing?: number): string;
}

/**
 * Has oclif break the commands of examples between words as a shell sees them. It breaks at any space, and a backslash
 * within quotation marks is a part of the word there: the command would not work as it is printed.
 */
export function keepExamplesWhole(): void {
  const prototype = CommandHelp.prototype as unknown as Formatter;
  const { wrap } = prototype;
  prototype.wrap = function (body, spacing = 0) {
    if (!body.includes('$ ') || !/['"]/u.test(body)) return wrap.call(this, body, spacing);
    return fill(body, this.opts.maxWidth - spacing);
  };
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
