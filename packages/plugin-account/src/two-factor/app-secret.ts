import type { TotpSecret } from '@vastai-cli/core/internal/api/new-two-factor-method';
import { line, type Part, sentence } from '@vastai-cli/kit/result';
import { qrCode } from './qr-code.js';

/** Returns what a person needs to add an account to an authenticator app: a QR code, and the same as text. */
export async function appSecretParts({ secret, provisioning_uri: uri }: TotpSecret): Promise<Part[]> {
  return [
    sentence('Scan this code with your authenticator app:'),
    await qrCode(uri),
    sentence('Or type this secret into it:'),
    line(`  ${secret}`),
    sentence('Or open this address:'),
    line(`  ${uri}`),
  ];
}
