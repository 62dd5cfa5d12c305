import type { ApiKeyList } from '@vastai-cli/core/internal/api/api-keys';
import type { Output } from '@vastai-cli/kit/render/output';

/** Warns that a list is not the whole one; `--raw` prints every record as it came. */
export function warnOfLeftOut({ leftOut }: ApiKeyList, output: Output): void {
  if (leftOut === 0 || output.format === 'raw') return;
  const records = leftOut === 1 ? '1 record without an id was' : `${leftOut} records without an id were`;
  output.warn(`${records} left out of the list. --raw shows everything.`);
}
