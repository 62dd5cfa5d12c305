import type { Leaf } from './grants.js';

/** A permission document for a common job. */
export interface Preset {
  readonly name: string;
  /** The use of the key, in one sentence. */
  readonly purpose: string;
  /** Caveats to show when it is used, one sentence each. */
  readonly notes: readonly string[];
  /** The document, or what makes it for the instance with an id. */
  readonly document: PresetDocument | ((instance: number) => PresetDocument);
}

/** Grants whole categories, or endpoints for one value of a parameter. */
export type PresetDocument = {
  readonly api: Readonly<Record<string, Readonly<Record<string, Leaf>>>>;
};

const WITHOUT_LIMIT =
  'The key can spend money and destroy instances without a limit: Vast.ai publishes no endpoint names for renting. To limit spending, keep the balance of the account low.';
const SSH = 'The key can add and remove SSH keys, and so decide who can log in to instances.';

/** All presets, sorted by name. No preset lets a key manage keys, the account or the team. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'automation',
    purpose: 'For scripts that rent and run instances and serverless endpoints, and read what they cost.',
    notes: [
      WITHOUT_LIMIT,
      SSH,
      'The key has no access to the account, its keys or stored secrets. Create those yourself.',
    ],
    document: { api: { misc: {}, instance_read: {}, instance_write: {}, billing_read: {} } },
  },
  {
    name: 'billing-viewer',
    purpose: 'For viewing invoices, charges and earnings.',
    notes: [],
    document: { api: { billing_read: {} } },
  },
  {
    name: 'ci-deploy',
    purpose: 'For a pipeline that searches for offers, rents instances, runs a job and destroys them.',
    notes: [WITHOUT_LIMIT, SSH],
    document: { api: { misc: {}, instance_read: {}, instance_write: {} } },
  },
  {
    name: 'host',
    purpose: 'For listing and maintaining hosted machines, and viewing what they earn.',
    notes: [
      'The key can read the machine key and the secrets of the instances on your machines.',
      'The key can remove machines, and transfer machines to another account.',
      'Volume offers are not included: they are in instance_write, which can also rent.',
    ],
    document: { api: { billing_read: {}, machine_read: {}, machine_write: {} } },
  },
  {
    name: 'instance-operator',
    purpose: 'For starting, stopping, rebooting and destroying existing instances.',
    notes: [
      'The key can also rent, and so spend money: the endpoint name for starting and stopping is not published, so instance_write cannot be narrowed.',
      SSH,
    ],
    document: { api: { instance_read: {}, instance_write: {} } },
  },
  {
    name: 'monitoring',
    purpose: 'For watching instances, their logs and volumes.',
    notes: ['instance_read also lets a key schedule maintenance for hosted machines.'],
    document: { api: { instance_read: {} } },
  },
  {
    name: 'self-destruct',
    purpose: 'For a rented machine that destroys itself when its work is done.',
    notes: [],
    document: (instance) => ({
      api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: instance } } } } },
    }),
  },
];

/** Returns the preset with this name. */
export function presetNamed(name: string): Preset | undefined {
  return PRESETS.find((preset) => preset.name === name);
}

/** Returns the document of a preset; `undefined` if it is about one instance, and no id is given. */
export function documentOfPreset({ document }: Preset, instance?: number): PresetDocument | undefined {
  if (typeof document !== 'function') return document;
  return instance === undefined ? undefined : document(instance);
}
