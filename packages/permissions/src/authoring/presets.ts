/** A permission document for a common job. */
export interface Preset {
  readonly name: string;
  /** The use of the key, in one sentence. */
  readonly purpose: string;
  /** Notes to read before using it, each a sentence. */
  readonly notes: readonly string[];
  readonly document: { readonly api: Readonly<Record<string, Readonly<Record<string, never>>>> };
}

/** Sorted by name. None lets a key manage keys, the account or the team. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'automation',
    purpose: 'Scripts that rent, run and account for instances and serverless endpoints.',
    notes: [
      'It spends money and destroys without a limit: Vast.ai publishes no endpoint names for renting.',
      'It has no access to the account, its keys or stored secrets; create those by hand.',
    ],
    document: {
      api: { misc: {}, instance_read: {}, instance_write: {}, billing_read: {}, machine_read: {} },
    },
  },
  {
    name: 'billing-viewer',
    purpose: 'Looking at invoices, charges and earnings.',
    notes: [],
    document: { api: { billing_read: {} } },
  },
  {
    name: 'ci-deploy',
    purpose: 'A pipeline that searches offers, rents instances, runs something and destroys them.',
    notes: ['It spends money: Vast.ai publishes no endpoint names for renting.'],
    document: { api: { misc: {}, instance_read: {}, instance_write: {} } },
  },
  {
    name: 'host',
    purpose: 'Offering and maintaining hosted machines, and seeing what they earn.',
    notes: ['Offers of volumes are in instance_write, which also rents; they are left out.'],
    document: { api: { billing_read: {}, machine_read: {}, machine_write: {} } },
  },
  {
    name: 'instance-operator',
    purpose: 'Starting, stopping, rebooting and destroying instances that run already.',
    notes: [
      'It can rent too: the endpoint name for starting and stopping is not published, so the category cannot be narrowed.',
    ],
    document: { api: { instance_read: {}, instance_write: {} } },
  },
  {
    name: 'monitoring',
    purpose: 'Watching instances, their logs and volumes.',
    notes: ['instance_read also plans maintenances of hosted machines.'],
    document: { api: { instance_read: {} } },
  },
];

/** Finds the preset of a name. */
export function presetNamed(name: string): Preset | undefined {
  return PRESETS.find((preset) => preset.name === name);
}
