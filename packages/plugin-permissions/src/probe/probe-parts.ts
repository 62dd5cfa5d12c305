import { type Column, type Part, type Style, sentence, table } from '@vastai-cli/kit/result';
import type { ProbedCategory, ProbeReport } from './probe-report.js';

const ANSWERS = { yes: 'yes', no: 'no', unknown: 'unknown', not_probed: 'not probed' } as const;

const STYLES: Partial<Record<ProbedCategory['access'], Style>> = {
  yes: 'green',
  no: 'red',
  unknown: 'yellow',
};

const COLUMNS: readonly Column<ProbedCategory>[] = [
  { title: 'CATEGORY', value: ({ category }) => category },
  { title: 'ALLOWED', value: ({ access }) => ANSWERS[access], style: ({ access }) => STYLES[access] },
  { title: 'REQUEST', value: ({ request }) => request ?? '', whole: true },
];

/** Formats the probed categories as a table, followed by what they do not say. */
export function probeParts({ categories }: ProbeReport): Part[] {
  const unclear = categories.filter(({ access }) => access === 'unknown');
  const writing = categories.filter(({ access }) => access === 'not_probed').map(({ category }) => category);
  return [
    table(
      COLUMNS,
      categories.filter(({ access }) => access !== 'not_probed'),
    ),
    ...unclear.map(({ category, reason }) => sentence(reason ?? '', `${category}: `)),
    sentence(
      'Each answer applies only to the request in its row. A document can grant single endpoints of a category, so other requests may get a different answer. "misc" also allows renting.',
    ),
    sentence(
      `Not probed, because requests there change something: ${writing.join(', ')}. To see those permissions: vastai permissions explain --key ID`,
    ),
  ];
}
