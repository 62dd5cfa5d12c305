import { type Column, type Part, sentence, table } from '@vastai-cli/kit/result';
import { actionsOfAuditLog } from '@vastai-cli/permissions/authoring/audit-log';
import { type GrantInLog, type Tightened, tighten } from '@vastai-cli/permissions/authoring/tighten';
import { operationOfEndpoint } from '@vastai-cli/permissions/catalogue/catalogue';
import { accessTo } from '@vastai-cli/permissions/decision/access';
import { describeCondition } from '@vastai-cli/permissions/decision/subset';
import { count } from '@vastai-cli/permissions/json/count';
import { firstOf } from '@vastai-cli/permissions/json/first-of';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { StoredDocument } from '../../documents/referenced-document.js';
import type { LoggedCalls } from '../../requested-actions/logged-calls.js';

/** Describes the output of `permissions tighten --json`. */
export interface TightenReport {
  /** Id of the key. */
  readonly id: number;
  readonly fullAccess: boolean;
  /** Compares what the key has with what it did. */
  readonly grants: readonly GrantInLog[];
  /** The calls in the log that its permissions do not allow. */
  readonly outside: readonly OutsideCall[];
  /** One sentence for each thing that the log does not say, or that was left out. */
  readonly notes: readonly string[];
}

interface OutsideCall {
  /** Null if the log does not say. */
  readonly method: string | null;
  readonly path: string;
  readonly operations: readonly string[];
  readonly count: number;
}

/** The number of operations or calls to name. */
const SHOWN = 3;

/** Compares the permissions of a key with its calls. */
export function tightenReport(
  id: number,
  document: StoredDocument,
  { log, notes }: LoggedCalls,
): TightenReport {
  const { grants, outside }: Tightened = tighten(document, log);
  return {
    id,
    fullAccess: document === null,
    grants,
    outside: outside.map(({ method, path, operations, count: times }) => ({
      method,
      path,
      operations,
      count: times,
    })),
    notes: [...notes, ...actionsOfAuditLog(log).notes],
  };
}

const STATES: Readonly<Record<GrantInLog['state'], string>> = {
  used: 'used',
  never_seen: 'not seen',
  not_observable: 'not observable',
};

const COLUMNS: readonly Column<GrantInLog>[] = [
  { title: 'PERMISSION', value: ({ grant }) => printable(grant) },
  { title: 'IN THE LOG', value: ({ state }) => STATES[state] },
  { title: 'CALLS', value: ({ calls }) => (calls === 0 ? '-' : String(calls)) },
  { title: 'USED FOR', value: ({ used }) => (used.length === 0 ? '-' : firstOf(used, SHOWN)), wraps: true },
];

/** Formats what a key has and used, what would be enough, and what the log cannot show. */
export function tightenParts({ id, fullAccess, grants, outside }: TightenReport): Part[] {
  const all = fullAccess ? [sentence(`Key ${id} has full access.`)] : [];
  return [
    ...all,
    table(COLUMNS, grants),
    ...grants.flatMap(narrowerPart),
    ...grants.flatMap(hiddenPart),
    ...outside
      .slice(0, SHOWN)
      .map(({ method, path, count: times }) =>
        sentence(
          `Not allowed by its permissions, but in the log: ${printable(`${method ?? ''} ${path}`.trim())}, ${count(times, 'call')}.`,
        ),
      ),
    ...(outside.length > SHOWN
      ? [sentence(`… and ${outside.length - SHOWN} more. Use --json to see all.`)]
      : []),
  ];
}

function narrowerPart({ grant, narrower }: GrantInLog): Part[] {
  if (narrower === null) return [];
  const [category = '', endpoint] = grant.split(/:(.*)/su);
  const node = endpoint === undefined ? narrower : { [endpoint]: narrower };
  const enough = Object.keys(node).map((one) => {
    const operation = operationOfEndpoint(one);
    if (operation === undefined) return one;
    const { conditions } = accessTo({ api: { [category]: node } }, operation);
    return [one, ...conditions.map((condition) => `where ${describeCondition(condition)}`)].join(' ');
  });
  return [sentence(`${grant} could be narrowed: the calls need only ${enough.join(', ')}.`)];
}

/** Says what else a permission allows that was not seen, and that the log does not show. */
function hiddenPart({ grant, state, notObservable, narrower }: GrantInLog): Part[] {
  if (state === 'not_observable' || notObservable.length === 0) return [];
  if (state === 'used' && narrower === null) return [];
  return [
    sentence(
      `${printable(grant)} also allows operations that the log never records: ${firstOf(notObservable, SHOWN)}.`,
    ),
  ];
}
