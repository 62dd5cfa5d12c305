import { boolean, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { grantFlags } from '@vastai-cli/kit/input/grant-flags';
import { type RequestedPermissions, readPermissions } from '@vastai-cli/kit/input/requested-permissions';

/** The flags that say what a role may do. The official CLI has the first, which takes a file there. */
export const permissionFlags = {
  permissions: string({
    helpValue: 'FILE',
    description:
      'The permissions of the role: a JSON file, or a JSON document that begins with "{"; "-" reads standard input.',
    exclusive: ['permission_file', 'preset', 'allow'],
  }),
  permission_file: string({
    aliases: ['permission-file'],
    helpValue: 'FILE',
    description: 'The same as --permissions.',
    exclusive: ['permissions', 'preset', 'allow'],
  }),
  ...grantFlags,
  'allow-unknown': boolean({
    aliases: ['allow_unknown'],
    description: 'Accept permissions whose effect is unknown, as with an empty "api" or "*".',
  }),
};

/** Holds the parsed flags. */
export interface PermissionFlags {
  readonly permissions?: string | undefined;
  readonly permission_file?: string | undefined;
  readonly preset?: string | undefined;
  readonly allow?: readonly string[] | undefined;
  readonly 'allow-unknown': boolean;
}

/** Returns true if a flag says what the role may do. */
export function hasPermissions({
  permissions,
  permission_file: file,
  preset,
  allow,
}: PermissionFlags): boolean {
  return [permissions, file, preset, allow].some((flag) => flag !== undefined);
}

/**
 * Reads and checks the permissions that the flags ask for, as `create api-key` does. Without any of these flags, there are no
 * permissions.
 *
 * @throws UsageError what `readPermissions` throws
 */
export async function readRolePermissions(flags: PermissionFlags): Promise<RequestedPermissions> {
  const given = flags.permissions ?? flags.permission_file;
  return readPermissions({
    holder: 'role',
    ...(given?.startsWith('{') ? { inline: given } : { file: given }),
    preset: flags.preset,
    allow: flags.allow,
    allowUnknown: flags['allow-unknown'],
  });
}

/** @throws UsageError if no flag says what the role may do. */
export function requirePermissions(flags: PermissionFlags): void {
  if (hasPermissions(flags)) return;
  throw new UsageError(
    'A role needs permissions.',
    'Add --permissions FILE, or --preset or --allow. To write a file, run: vastai permissions init',
  );
}
