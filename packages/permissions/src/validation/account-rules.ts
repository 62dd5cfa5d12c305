/**
 * The diagnostics that `permissions audit` adds to those of a document: they are about a key or a role of the account. Like
 * all codes, they never change their meaning and are never reused.
 */
export const ACCOUNT_RULES = {
  VP301: {
    severity: 'security',
    rank: 9.8,
    title: 'key with full access',
    explanation:
      'The key or role has no permission document, so it can do everything. The primary key of an account always has full access and is not reported.',
  },
  VP302: {
    severity: 'security',
    rank: 9.0,
    title: 'permissions that the API does not return',
    explanation:
      'The API lists the key or role without its permissions. It may have full access, and cannot be compared with anything.',
  },
  VP303: {
    severity: 'warning',
    title: 'old key',
    explanation:
      'The key is older than `--max-age` allows, or the API does not return its age. Replace it: a key that was copied somewhere is usable until it is deleted.',
  },
  VP304: {
    severity: 'security',
    rank: 7.0,
    title: 'more access than its file',
    explanation:
      'The key or role allows, or might allow, something that the file with its name does not. The permissions of a key cannot be changed: create a new one from the file, then delete the old one.',
  },
  VP305: {
    severity: 'warning',
    title: 'less access than its file',
    explanation:
      'The file allows, or might allow, something that the key or role with its name does not. Usually, the file was changed, but the key was not replaced.',
  },
  VP306: {
    severity: 'security',
    rank: 5.0,
    title: 'key without a file',
    explanation:
      'The folder in `--expect` has no file for the key or role. Delete the key or role if nobody needs it, or review its permissions and add a file.',
  },
  VP307: {
    severity: 'warning',
    title: 'file without a key',
    explanation: 'The account has no key or role with the name of the file.',
  },
} as const;

export type AccountCode = keyof typeof ACCOUNT_RULES;
