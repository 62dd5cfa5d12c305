import { YARDSTICKS } from './rows.mjs';
import { VERDICTS, written } from './verdict.mjs';

const WIDTH = 900;
const LEFT = 150;
const RIGHT = 190;
const BAR = 14;
const STEP = 20;

/** Two sets of colours, each readable on its own ground; the reader's system has chosen one. */
const LIGHT = {
  ground: '#ffffff',
  text: '#1f2328',
  faint: '#59636e',
  line: '#d1d9e0',
  aim: '#1a7f37',
  limit: '#0969da',
  missed: '#d1242f',
  other: '#818b98',
};
const DARK = {
  ground: '#0d1117',
  text: '#f0f6fc',
  faint: '#9198a1',
  line: '#3d444d',
  aim: '#3fb950',
  limit: '#4493f8',
  missed: '#f85149',
  other: '#656c76',
};

const colours = ({ text, line, ...fills }) => `
    text { fill: ${text}; }${Object.entries(fills)
      .map(([name, colour]) => `\n    .${name} { fill: ${colour}; }`)
      .join('')}
    .one { stroke: ${line}; }
    .mark { stroke: ${text}; }`;

const STYLE = `
    text { font: 12px system-ui, sans-serif; }
    .name { font-weight: 600; }
    .mark { stroke-width: 1.5; }
    .goal { stroke-dasharray: 3 2; }${colours(LIGHT)}
    @media (prefers-color-scheme: dark) {${colours(DARK).replaceAll('\n', '\n  ')}
    }`;

/**
 * Draws the ratios: for each row a bar for every CLI and Node it was measured with, and marks at its limit and aim.
 *
 * @param {import('./report.mjs').Report} report
 * @returns {string} an SVG
 */
export function plotOf(report) {
  const rows = bars(report);
  const greatest = Math.max(
    2.4,
    ...rows.flatMap((row) => [row.limit ?? 0, ...row.bars.map(({ ratio }) => ratio)]),
  );
  const across = (ratio) => Number((LEFT + (ratio / greatest) * (WIDTH - LEFT - RIGHT)).toFixed(1));
  const parts = [];
  let top = 34;
  for (const row of rows) {
    parts.push(...drawRow(row, top, across));
    top += 26 + row.bars.length * STEP + 12;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" role="img" aria-labelledby="title">
  <title id="title">What vastai takes, as a multiple of the least that a program on the same Node takes</title>
  <style>${STYLE}
  </style>
  <rect class="ground" width="${WIDTH}" height="${top}"/>
  <text class="faint" x="12" y="20">shorter is better; thin line: 1, the yardstick; dashed mark: the aim; whole mark: the limit</text>
${parts.map((part) => `  ${part}`).join('\n')}
</svg>
`;
}

/** The results by row, in the order in which rows came first. */
function bars({ groups, peers }) {
  const rows = new Map();
  const add = (result, label) => {
    const { name, short = name, by, limit, aim } = result.row;
    const row = rows.get(name) ?? { name: plain(short), by: plain(YARDSTICKS[by]), limit, aim, bars: [] };
    row.bars.push({ label, ratio: result.ratio.median, verdict: result.verdict });
    rows.set(name, row);
  };
  for (const { subject, node, results } of groups)
    for (const result of results) add(result, `${subject}, Node ${node.split('.')[0]}`);
  for (const result of peers) add(result, '');
  return [...rows.values()];
}

function drawRow({ name, by, limit, aim, bars }, top, across) {
  const first = top + 22;
  const ends = `y1="${first - 2}" y2="${first + bars.length * STEP - 4}"`;
  const mark = (kind, ratio) => `<line class="${kind}" x1="${across(ratio)}" x2="${across(ratio)}" ${ends}/>`;
  const parts = [
    `<text x="12" y="${top + 14}"><tspan class="name">${escaped(name)}</tspan><tspan class="faint"> ÷ ${escaped(by)}</tspan></text>`,
    mark('one', 1),
  ];
  bars.forEach(({ label, ratio, verdict }, index) => {
    const y = first + index * STEP;
    const end = across(ratio);
    const words = verdict === undefined ? '' : ` ${VERDICTS[verdict].toLowerCase()}`;
    const beside = Math.max(end, across(Math.max(limit ?? 0, 0))) + 8;
    parts.push(
      `<text class="faint" x="${LEFT - 8}" y="${y + 11}" text-anchor="end">${escaped(label)}</text>`,
      `<rect class="${verdict ?? 'other'}" x="${LEFT}" y="${y}" width="${Number((end - LEFT).toFixed(1))}" height="${BAR}" rx="2"/>`,
      `<text x="${beside}" y="${y + 11}">${written(ratio)}${words}</text>`,
    );
  });
  if (aim !== undefined) parts.push(mark('mark goal', aim));
  if (limit !== undefined) parts.push(mark('mark', limit));
  return parts;
}

function plain(text) {
  return text.replaceAll('`', '');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
