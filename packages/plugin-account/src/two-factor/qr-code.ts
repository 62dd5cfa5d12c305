import { type Part, sized } from '@vastai-cli/kit/result';

/** Light modules around the code. The standard asks for four; apps read it with two on a black ground. */
const BORDER = 4;
const WIDEST = 80;

/** Returns a QR code for a terminal: white on black, two rows of modules to a line. A sentence, where it does not fit. */
export async function qrCode(text: string): Promise<Part> {
  const { encode } = await import('uqr');
  const { data } = encode(text, { ecc: 'L', border: BORDER });
  const width = data[0]?.length ?? 0;
  return sized((columns = WIDEST) => {
    if (width > columns) return `The QR code needs ${width} columns. Type the secret into the app instead.`;
    return { text: drawn(data), style: 'contrast' };
  });
}

/** Draws light modules as blocks and leaves dark ones out. */
function drawn(rows: readonly (readonly boolean[])[]): string {
  const lines: string[] = [];
  for (let at = 0; at < rows.length; at += 2) {
    const [upper = [], lower = []] = [rows[at], rows[at + 1]];
    // Below the last row, when their number is odd, there is nothing to draw.
    lines.push(upper.map((isDark, column) => block(!isDark, lower[column] === false)).join(''));
  }
  return lines.join('\n');
}

function block(upper: boolean, lower: boolean): string {
  if (upper && lower) return '█';
  if (upper) return '▀';
  return lower ? '▄' : ' ';
}
