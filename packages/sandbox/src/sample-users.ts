import type { User } from './accounts.js';

/** Returns the user of Vast.ai's documentation and one to be "another user". */
export function sampleUsers(): [User, User] {
  return [
    sampleUser(123456, 'you@example.com', 'you', 25),
    sampleUser(654321, 'someone.else@example.com', 'someone-else', 3.5),
  ];
}

function sampleUser(id: number, email: string, username: string, credit: number): User {
  return {
    id,
    email,
    username,
    fullname: null,
    credit,
    balance: 0,
    ssh_key: `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDSandbox ${username}@sandbox`,
    has_billing: true,
    email_verified: true,
    created_at: 1735689600,
    parent_id: null,
  };
}
