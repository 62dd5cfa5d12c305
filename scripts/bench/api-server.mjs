// The API that is asked, in a process of its own: it answers whatever is asked with the current user, and counts.
// A message from the parent, any, gets the counts so far.
import { createServer } from 'node:http';

/** The user of Vast.ai's API documentation, as "show user" there. */
const USER = JSON.stringify({
  id: 123456,
  email: 'you@example.com',
  username: 'you',
  fullname: null,
  credit: 25,
  balance: 0,
  ssh_key: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDbench you@bench',
  has_billing: true,
  email_verified: true,
  created_at: 1735689600,
  parent_id: null,
});

const counts = { requests: 0, connections: 0 };
const server = createServer((request, response) => {
  counts.requests += 1;
  request.resume();
  response.setHeader('Content-Type', 'application/json');
  response.end(USER);
});
server.on('connection', () => {
  counts.connections += 1;
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send(counts));
process.on('disconnect', () => process.exit());
