import type { User } from '@vastai-cli/core/internal/api/users';

/** Maps each command to its `--json` document. The schemas in packages/cli/contract are generated from it. */
export interface Documents {
  'show user': User;
}
