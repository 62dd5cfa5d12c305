import type { User } from '@vastai-cli/core/internal/api/users';

/** Names what each command prints with `--json`. The schemas in packages/cli/contract are made of it. */
export interface Documents {
  'show user': User;
}
