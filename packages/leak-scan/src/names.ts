/**
 * Classifies a name: `credential` names a Vast.ai key, `vast` something of Vast.ai, `plain` a key of whatever the
 * context is about. Anything else is undefined, such as the name of a checksum.
 */
export type NameKind = 'credential' | 'vast' | 'plain';

/** Words of names whose values are secrets. */
const SECRETS = new Set(
  'key keys apikey apikeys token tokens secret secrets auth authorization credential credentials creds cred password passwd pass pw bearer'.split(
    ' ',
  ),
);
/** Words of names whose values look like keys, but are not. */
const HARMLESS = new Set(
  (
    'sha sha1 sha2 sha224 sha256 sha384 sha512 md5 blake2 blake3 hash hashes hashid digest digests checksum checksums crc sum sums ' +
    'commit commits rev revision ref refs tree blob oid etag integrity fingerprint fingerprints thumbprint signature sig hmac ' +
    'nonce salt iv id ids uuid guid version image layer layers manifest tag public pub pubkey cache cachekey txid tx address addr cid ' +
    'encrypted enc hashed seed build merkle root trace session container instance machine template dataset'
  ).split(' '),
);
/** Words that say of a key that it is not a secret: `VAST_PUBLIC_KEY`, `vast_cache_key`, `hashed_vast_key`. */
const NO_SECRETS = new Set(['public', 'pub', 'cache', 'hashed', 'encrypted']);
/** Ends of file names; a list of checksums has file names where a configuration has names. */
const EXTENSIONS = new Set(
  (
    'js mjs cjs ts tsx jsx map css scss html htm py pyc pyd whl egg gz tgz bz2 xz zst zip tar rar 7z jar war so dll dylib exe bin ' +
    'deb rpm apk dmg iso img json jsonl yaml yml toml xml csv txt md rst lock rs go c h cc cpp hpp java kt rb php pl sh ps1 bat ' +
    'png jpg jpeg gif svg ico webp mp3 mp4 wav pdf ttf woff woff2 pt pth onnx safetensors gguf ckpt npz npy pkl pem crt cer der'
  ).split(' '),
);
/** Names that mean nothing without what is around them. */
const PLAIN = new Set(
  (
    'apikey accesskey secretkey authkey key token apitoken accesstoken authtoken secret apisecret password passwd pass value xapikey ' +
    'credential credentials bearer authorization content contents'
  ).split(' '),
);

/** Judges a name, in any of the usual spellings: `VAST_API_KEY`, `vastApiKey`, `vast-api-key`, `vast.api_key`. */
export function kindOfName(name: string): NameKind | undefined {
  if (name.length === 0 || name.length > 120) return undefined;
  const dotted = name.split(/[.$]+/u).filter((part) => part !== '');
  const last = dotted.at(-1) ?? '';
  const words = wordsOf(name);
  const hasVast = words.some(isVast);
  if (!hasVast) return PLAIN.has(wordsOf(last).join('')) ? 'plain' : undefined;
  if (dotted.length > 1 && EXTENSIONS.has(last.toLowerCase())) return undefined;
  const telling = words.filter((word) => SECRETS.has(word) || HARMLESS.has(word)).at(-1);
  if (telling !== undefined && HARMLESS.has(telling)) return undefined;
  if (words.some((word, index) => NO_SECRETS.has(word) && !isPrefix(word, words[index + 1])))
    return undefined;
  if (telling !== undefined) return 'credential';
  // Without a word for a secret, only a name counts, and not the name of a file or a version.
  if (/^vast\.ai$/iu.test(name)) return 'vast';
  const isName = /^[A-Za-z_$][\w$-]*$/u.test(last) && !/-\d/u.test(last);
  return isName && wordsOf(last).some(isVast) ? 'vast' : undefined;
}

/** Returns true if a name is that of Vast.ai, or begins with it, such as `VastAI`, `vast_server` and `vastClient`. */
export function speaksOfVast(name: string): boolean {
  return wordsOf(name).some(isVast) && !isHash(name);
}

/** Returns true for a client of Vast.ai: what is named after it, and the classes of its SDK. */
export function isClient(name: string): boolean {
  return speaksOfVast(name) || /(?:^|\.)(?:Serverless|SyncClient|AsyncClient)$/u.test(name);
}

/** Returns true for a name that says that its value is a hash. */
export function isHash(name: string): boolean {
  return wordsOf(name).some((word) => HARMLESS.has(word) || NO_SECRETS.has(word));
}

/** Splits a name into words in lower case, at everything but letters and digits, and where capitals begin a word. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/gu, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/gu, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/u)
    .flatMap((word) => {
      // All in lower case, as in vastapikey and vastaitoken.
      const run = /^(vast(?:ai)?)(api)?(keys?|tokens?|secret)$/u.exec(word);
      return run === null ? [word] : [run[1] ?? '', run[3] ?? ''];
    })
    .filter((word) => word !== '');
}

/** `NEXT_PUBLIC_VAST_API_KEY`: web frameworks put such names into what browsers get, and a key with them. */
function isPrefix(word: string, next = ''): boolean {
  return word === 'public' && isVast(next);
}

function isVast(word: string): boolean {
  return word === 'vast' || word === 'vastai';
}
