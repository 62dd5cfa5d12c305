import { styleText } from 'node:util';
import type { Style } from '../result.js';

/** Functions that add a style to text. */
export type Styles = Readonly<Record<Style, (text: string) => string>>;

const asIs = (text: string) => text;

/** Adds nothing: for files, pipes and `--no-color`. */
export const UNSTYLED: Styles = stylesOf(() => asIs);

/** Styles each line of text by itself, so that pagers such as `less` show every line as meant. */
export const STYLED: Styles = stylesOf((name) => (text) => {
  // Node would open standard output to see whether it is a terminal, which has been decided.
  const lines = text
    .split('\n')
    .map((line) => styleText(name === 'contrast' ? CONTRAST : name, line, { validateStream: false }));
  return lines.join('\n');
});

const CONTRAST: ['whiteBright', 'bgBlack'] = ['whiteBright', 'bgBlack'];

function stylesOf(add: (name: Style) => (text: string) => string): Styles {
  const names: readonly Style[] = ['bold', 'contrast', 'cyan', 'dim', 'green', 'magenta', 'red', 'yellow'];
  return Object.fromEntries(names.map((name) => [name, add(name)])) as Styles;
}
