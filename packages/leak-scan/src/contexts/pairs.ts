import { kindOfName } from '../names.js';
import type { Reason } from '../reasons.js';

/** Says that a section is about Vast.ai, as `type: vastai` and `"provider": "vast.ai"` do. */
const ABOUT_VAST =
  /(?<![\w-])(?<field>type|provider|backend|cloud|service|vendor|platform|host|name)["']?[ \t]*[:=][ \t]*["']?(?:vast|vastai|vast\.ai|vast_ai|vast-ai)(?![\w.-])/iu;
/** Names a value: `name: VAST_API_KEY` in the `env` of a container, `path: /root/.vast_api_key` of a file to write. */
const NAMED =
  /(?<![\w-])(?:name|key|variable|env|path)(?:\\?["'])?[ \t]*[:=][ \t]*(?:\\?["'])?(?<name>[\w.~/-]{1,120})/giu;

/** Returns why what is beside a value says that it is a key of Vast.ai, or undefined. */
export function pairReason(siblings: string): Reason | undefined {
  if (!/vast/iu.test(siblings)) return undefined;
  const about = ABOUT_VAST.exec(siblings);
  if (about === null) return undefined;
  return about.groups?.field?.toLowerCase() === 'type' ? 'dstack' : 'block';
}

/** Returns true if a string names the value behind it, and the name is that of a key of Vast.ai. */
export function namesKey(text: string): boolean {
  const name = [...text.matchAll(NAMED)].at(-1)?.groups?.name;
  return name !== undefined && kindOfName(name) === 'credential';
}
