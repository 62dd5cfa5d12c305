import { parseArgs } from 'node:util';
import { loopbackAddress } from './loopback.js';
import { startSandbox } from './server.js';

const HELP = `Run a simulated Vast.ai API on this machine. Nothing leaves the machine.

Usage: vastai-sandbox [--port N] [--host HOST] [--rate-limits] [--log] [--json]

  --port N       port to listen on (default: any free port)
  --host HOST    localhost (default), an address in 127.0.0.0/8, or ::1
  --rate-limits  enforce the documented rate limits with status 429
  --log          log each request to standard error, with keys masked
  --json         print {"url","key","controlToken"} on one line
  --help         show this help

Prints its URL and an API key with full access, and runs until you press Ctrl-C.
`;

/** Runs the sandbox until it is interrupted. Exit status: 0 when interrupted, 1 if it cannot listen, 2 for wrong usage. */
async function main(args: readonly string[]): Promise<void> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nTry vastai-sandbox --help.\n`);
    process.exitCode = 2;
    return;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const sandbox = await startSandbox({
    port: options.port,
    host: options.host,
    rateLimits: options['rate-limits'],
    ...(options.log ? { onRequest: (line: string) => void process.stderr.write(`${line}\n`) } : {}),
  }).catch((error: NodeJS.ErrnoException) => {
    process.stderr.write(
      error.code === 'EADDRINUSE'
        ? `Port ${options.port} is already in use. Choose another with --port, or leave it out for any free port.\n`
        : `${error.message}\n`,
    );
    process.exitCode = 1;
  });
  if (!sandbox) return;

  // Comes before the first output, since its reader may stop this process right away.
  const stop = () => void sandbox.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);

  const { url, key, controlToken } = sandbox;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ url, key, controlToken })}\n`
      : `URL            ${url}\nAPI key        ${key}\nControl token  ${controlToken}\n\nPress Ctrl-C to stop.\n`,
  );
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: 'localhost' },
      'rate-limits': { type: 'boolean', default: false },
      log: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!/^\d{1,5}$/u.test(values.port) || port > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535, not "${values.port}".`);
  }
  return { ...values, port, host: loopbackAddress(values.host) };
}

await main(process.argv.slice(2));
