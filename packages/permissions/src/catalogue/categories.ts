/** The permission categories of Vast.ai's page "Permissions", in the order in which this project prints them. */
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

/** Returns whether a name is the exact name of a permission category. */
export function isCategory(name: string): name is Category {
  return (CATEGORIES as readonly string[]).includes(name);
}

/** The use of each category, in this project's words. */
export const CATEGORY_PURPOSES: Readonly<Record<Category, string>> = {
  misc: 'searching offers, but also renting with one call and everything about serverless endpoints',
  user_read:
    'the account, its keys, SSH keys, environment variables and templates; also deleting the account',
  user_write: 'changing all of those, making API keys and subaccounts, and two-factor methods',
  instance_read: 'instances, their logs, volumes and deployments',
  instance_write: 'renting, running and destroying instances and volumes',
  billing_read: 'invoices, charges and earnings',
  billing_write: 'moving credit to another account',
  machine_read: 'hosted machines, reports about them, and market numbers',
  machine_write: 'offering, maintaining and removing hosted machines',
  team_read: 'the members and roles of the team',
  team_write: 'inviting and removing members, and the roles they have',
};
