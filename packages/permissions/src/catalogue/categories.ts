/** The permission categories from Vast.ai's "Permissions" page, in the order in which this project prints them. */
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
] as const;

export type Category = (typeof CATEGORIES)[number];

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
    'changing the account, its SSH keys, environment variables and templates, creating API keys and subaccounts, and managing two-factor methods',
  instance_read: 'viewing instances, their logs, volumes and deployments',
  instance_write: 'renting, running and destroying instances and volumes',
  billing_read: 'viewing invoices, charges and earnings',
  billing_write: 'transferring credit to another account',
  machine_read: 'viewing hosted machines, reports about them, and market data',
  machine_write: 'listing, maintaining and removing hosted machines',
  team_read: 'viewing the members and roles of the team',
  team_write: 'inviting and removing team members, and changing their roles',
};
