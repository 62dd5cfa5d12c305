import type { User } from '@vastai-cli/core/internal/api/users';
import type { LoggedCall } from './commands/show/logged-calls.js';

/** Maps each command to its `--json` document. The schemas in packages/cli/contract are generated from it. */
export interface Documents {
  'show audit-logs': readonly LoggedCall[];
  'show user': User;
}
