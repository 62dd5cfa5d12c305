import { bodyOf, type Call } from './call.js';

/** The instances that a call reaches: their ids, or `unclear` if the request does not say. Empty if it reaches none. */
export type ReachedInstances = readonly string[] | 'unclear';

/** Fields of a body that name an instance, or a list of them. */
const ID_FIELDS = ['id', 'ids', 'instance_id', 'instance_ids'];

/** Fields of a body that name an instance or a place on it: `42`, `C.42`, `local`. */
const PLACE_FIELDS = ['src_id', 'dst_id', 'instance_id'];

/** The operations that name instances in their body, by the fields to look at and the others that are harmless. */
const IN_BODY: Readonly<Record<string, readonly [fields: readonly string[], harmless?: readonly string[]]>> =
  {
    'instance.destroy_bulk': [ID_FIELDS, ['api_key', 'client_id']],
    'instance.manage_bulk': [ID_FIELDS, ['api_key', 'client_id', 'state', 'label']],
    'instance.start_bulk_documented': [ID_FIELDS, ['api_key', 'client_id', 'state']],
    'copy.cancel': [PLACE_FIELDS],
    'copy.cloud': [PLACE_FIELDS],
    'copy.cloud_cancel': [PLACE_FIELDS],
    'copy.rsync': [PLACE_FIELDS],
    'copy.rsync_cancel': [PLACE_FIELDS],
    'copy.size': [PLACE_FIELDS],
    'copy.start': [PLACE_FIELDS],
    'overlay.join': [['instance_id']],
    'scheduled_job.create': [['instance_id']],
    'scheduled_job.update': [['instance_id']],
  };

/** The operations that can reach instances of others in the account without naming them. */
const UNCLEAR: ReadonlySet<string> = new Set([
  'account.delete',
  'agent.create',
  'agent.delete',
  'agent.update',
  'agent_task.create',
  'agent_task.delete',
  'copy.cloud_report',
  'deployment.delete',
  'deployment.delete_by_name',
  'deployment.heartbeat',
  'deployment.start',
  'deployment.stop',
  'deployment.upsert',
  'endpoint.delete',
  'endpoint.update',
  'instance.upload_logs',
  'overlay.delete',
  'price_increase.accept',
  'price_increase.accept_by_token',
  'price_increase.reject',
  'scheduled_job.delete',
  'serverless.update_workers',
  'workergroup.delete',
  'workergroup.delete_v0',
  'workergroup.update',
  'workergroup.update_v0',
]);

/** Returns the instances that a call reaches. Lists reach none, although they show all. */
export function instancesOf(call: Call): ReachedInstances {
  const { known } = call;
  if (known === undefined) return 'unclear';
  const { operation, route, parameters } = known;
  if (UNCLEAR.has(operation)) return 'unclear';
  const given = givenBeside(call);
  // A request with an id in its path and another one beside it acts on one of them; which one is not documented.
  if (/^\/api\/v\d\/instances\/.*\{id\}/u.test(route)) {
    const others = idsIn(given, ID_FIELDS);
    if (parameters.id === undefined || others === 'unclear') return 'unclear';
    return [parameters.id, ...others];
  }
  const fields = Object.hasOwn(IN_BODY, operation) ? IN_BODY[operation] : undefined;
  if (fields === undefined) return [];
  const [naming, harmless] = fields;
  const isOdd = (name: string) => harmless !== undefined && ![...naming, ...harmless].includes(name);
  if (given.some(([name]) => isOdd(name))) return 'unclear';
  const ids = idsIn(given, naming);
  return ids.length === 0 ? 'unclear' : ids;
}

type Given = readonly (readonly [name: string, value: unknown])[];

/** Returns all that a call says beside its path: in its body, and in its query. */
function givenBeside(call: Call): Given {
  return [...Object.entries(bodyOf(call)), ...call.target.query];
}

function idsIn(given: Given, names: readonly string[]): ReachedInstances {
  const values = given.filter(([name]) => names.includes(name)).flatMap(([, value]) => [value].flat(1));
  const ids = values.flatMap((value) => idOf(value) ?? []);
  return ids.includes('') ? 'unclear' : ids;
}

/** Returns the id of an instance, undefined for what is on no instance, and an empty string for what cannot be told. */
function idOf(value: unknown): string | undefined {
  if (value === null || value === 'local') return undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '';
  return /^(?:C\.)?(?<id>[1-9]\d*)$/u.exec(value)?.groups?.id ?? '';
}
