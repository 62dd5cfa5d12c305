// The baseline for a large response: only the same request, copied to standard output.
const http = require('node:http');

const headers = { Accept: 'application/json', Authorization: `Bearer ${process.env.VAST_API_KEY}` };
http.get(new URL('/api/v0/large/', process.env.VAST_URL), { headers }, (response) => {
  response.pipe(process.stdout);
});
