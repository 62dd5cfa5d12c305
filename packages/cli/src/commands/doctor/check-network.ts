import type { Environment } from '@vastai-cli/core/internal/base/environment';
import { proxyFor } from '@vastai-cli/core/internal/http/connection/proxy';
import { ignoredAuthorities } from '@vastai-cli/core/internal/http/connection/trusted-certificates';
import { type Finding, info, ok, problem, settled } from './finding.js';

/** Reports the proxy and the certificates that requests to the API use. */
export async function checkNetwork(url: URL, environment: Environment): Promise<Finding[]> {
  const findings = await settled('proxy', () => [checkProxy(url, environment)]);
  const ignored = await ignoredAuthorities(environment);
  if (ignored?.isForOthers) findings.push(info('certificates', ignored.message));
  else if (ignored !== undefined) findings.push(problem('certificates', ignored.message, ignored.fix));
  else if (environment.NODE_EXTRA_CA_CERTS !== undefined) {
    findings.push(
      info(
        'certificates',
        `Trusted in addition to Node's own certificates: ${environment.NODE_EXTRA_CA_CERTS}`,
      ),
    );
  }
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    const message =
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored for requests with a key, despite the warning that Node prints.';
    findings.push(info('certificates', message));
  }
  return findings;
}

/** Reports the host of the proxy alone, because its address may contain a password. */
function checkProxy(url: URL, environment: Environment): Finding {
  const proxy = proxyFor(url, environment);
  if (proxy === undefined) return ok('proxy', `Requests to ${url.origin} use no proxy.`);
  return info('proxy', `Requests to ${url.origin} use the proxy ${proxy.host}.`);
}
