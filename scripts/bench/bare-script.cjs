// The baseline for "vastai show user": only the same request, with node:http.
const http = require('node:http');

const headers = { Accept: 'application/json', Authorization: `Bearer ${process.env.VAST_API_KEY}` };
http.get(new URL('/api/v0/users/current/', process.env.VAST_URL), { headers }, (response) => {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk) => {
    text += chunk;
  });
  response.on('end', () => {
    process.stdout.write(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
    process.exitCode = response.statusCode === 200 ? 0 : 1;
  });
});
