/** The permission categories, in the order in which this project prints them. */
export const CATEGORIES = [
  'misc',
  'user_read',
  'user_write',
  'instance_read',
  'instance_write',
  'billing_read',
  'billing_write',
  'machine_read',
  'machine_write',
  'team_read',
  'team_write',
  'agents_read',
  'agents_write',
] as const;

export type Category = (typeof CATEGORIES)[number];

/** The categories that the server has, but that Vast.ai's "Permissions" page does not list. */
export const UNLISTED_CATEGORIES: ReadonlySet<Category> = new Set(['agents_read', 'agents_write']);

/** Returns true if a name is exactly that of a permission category. */
export function isCategory(name: string): name is Category {
  return (CATEGORIES as readonly string[]).includes(name);
}

/** A summary of each category, written by this project. Follows "For …". */
export const CATEGORY_PURPOSES: Readonly<Record<Category, string>> = {
  misc: 'searching offers, renting with one call, and everything about serverless endpoints',
  user_read:
    'viewing the account, its API keys, SSH keys, environment variables and templates; also for deleting the account',
  user_write:
    'changing the account, its SSH keys, environment variables and templates, creating API keys and subaccounts, paying, and managing two-factor methods',
  instance_read: 'viewing instances, their logs, volumes and deployments',
  instance_write: 'renting, running and destroying instances and volumes',
  billing_read: 'viewing invoices, charges and earnings',
  billing_write: 'buying credit, and transferring it to another account',
  machine_read:
    'viewing hosted machines, the secrets of the instances on them, the machine key, reports, and market data',
  machine_write: 'listing, maintaining, transferring and removing hosted machines',
  team_read: 'viewing the members and roles of the team',
  team_write: 'inviting and removing team members, and changing their roles',
  agents_read: 'viewing Legion agents and their tasks',
  agents_write: 'running Legion agents',
};
