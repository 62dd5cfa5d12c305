import { access, constants } from 'node:fs/promises';
import { proxyFor } from '@vastai-cli/core/api/proxy';
import type { Environment } from '@vastai-cli/core/config/environment';
import { type Finding, info, ok, problem } from './finding.js';
import { settled } from './settled.js';

/** The proxy and the certificates that requests to an API go through. */
export async function checkNetwork(url: URL, environment: Environment): Promise<Finding[]> {
  const findings = await settled('proxy', () => [checkProxy(url, environment)]);
  const certificates = environment.NODE_EXTRA_CA_CERTS;
  if (certificates !== undefined) {
    const readable = await access(certificates, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (readable) findings.push(info('certificates', `Trusted besides Node's own: ${certificates}`));
    else
      findings.push(
        problem('certificates', `${certificates} cannot be read.`, 'Correct NODE_EXTRA_CA_CERTS.'),
      );
  }
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    const ignored =
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored for requests with a key, whatever the warning of Node says.';
    findings.push(info('certificates', ignored));
  }
  return findings;
}

/** A proxy's address may carry a password: only its host is shown. */
function checkProxy(url: URL, environment: Environment): Finding {
  const proxy = proxyFor(url, environment);
  if (proxy === undefined) return ok('proxy', `Requests to ${url.origin} go through no proxy.`);
  // A password with a / or # ends the host too early: what then looks like the host is a part of it.
  if (`${proxy.pathname}${proxy.search}${proxy.hash}`.includes('@')) {
    const message = 'The address of the proxy has an @ behind its host.';
    return problem('proxy', message, 'In its password write / as %2F, ? as %3F and # as %23.');
  }
  return info('proxy', `Requests to ${url.origin} go through the proxy ${proxy.host}.`);
}
