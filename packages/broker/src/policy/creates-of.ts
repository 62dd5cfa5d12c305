import { bodyOf, type Call } from './call.js';

/** The operations that rent on their own, and decide themselves how many instances. */
const RENTS_BY_ITSELF: ReadonlySet<string> = new Set([
  'agent.create',
  'agent.update',
  'agent_task.create',
  'deployment.start',
  'deployment.upsert',
  'endpoint.create',
  'endpoint.update',
  'serverless.update_workers',
  'workergroup.create',
  'workergroup.create_v0',
  'workergroup.update',
  'workergroup.update_v0',
]);

/** Returns the number of instances that a call asks for: `open` if it goes on renting, or does not say how many. */
export function createsOf(call: Call): number | 'open' {
  const operation = call.known?.operation ?? '';
  if (RENTS_BY_ITSELF.has(operation)) return 'open';
  if (operation === 'instance.create' || operation === 'instance.launch') return 1;
  if (operation !== 'instance.create_bulk') return 0;
  const { ids } = bodyOf(call);
  return Array.isArray(ids) && ids.length > 0 ? ids.length : 'open';
}

/** Returns the ids of the instances that a response says were created. */
export function createdInstances(response: unknown): string[] {
  const found: string[] = [];
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 4) return;
    for (const [name, item] of Object.entries(value)) {
      if (/^new_contracts?$/u.test(name)) found.push(...[item].flat(1).flatMap((one) => idOf(one) ?? []));
      else look(item, depth + 1);
    }
  };
  look(response, 0);
  return found;
}

function idOf(value: unknown): string | undefined {
  const text = String(value);
  return /^[1-9]\d*$/u.test(text) ? text : undefined;
}
