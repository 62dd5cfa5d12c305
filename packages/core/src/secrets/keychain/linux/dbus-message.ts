/** An argument of a call: a string (`s`), a dictionary (`a{ss}`), the path of an object (`o`), or a string variant (`v`). */
export type BusArgument =
  | string
  | Readonly<Record<string, string>>
  | readonly ['object', string]
  | readonly ['variant', string];
/** A value in a response. A structure is an array of its fields, an array of bytes is a Buffer. */
export type BusValue =
  | string
  | number
  | boolean
  | Buffer
  | readonly BusValue[]
  | Readonly<Record<string, string>>;

/** A message from the bus. Only responses have `replyTo`. */
export interface BusMessage {
  readonly replyTo: number | undefined;
  /** Unique name of the connection that sent it, which the bus guarantees. */
  readonly sender?: string;
  /** Name of the error, for an error. */
  readonly error: string | undefined;
  readonly values: BusValue[];
}

const METHOD_CALL = 1;
/** Codes of the header fields in the D-Bus specification (“Message Protocol”). */
const FIELD = {
  path: 1,
  interface: 2,
  member: 3,
  error: 4,
  replySerial: 5,
  destination: 6,
  sender: 7,
  signature: 8,
} as const;
/** Upper limit of the size of a message. */
const MAX_BYTES = 1024 * 1024;

/** Encodes a method call. */
export function encodeCall(
  serial: number,
  destination: string,
  path: string,
  method: string,
  args: readonly BusArgument[],
): Buffer {
  const dot = method.lastIndexOf('.');
  const body = new Writer();
  for (const arg of args) body.argument(arg);
  const fields = new Writer();
  fields.field(FIELD.path, 'o', path);
  fields.field(FIELD.interface, 's', method.slice(0, dot));
  fields.field(FIELD.member, 's', method.slice(dot + 1));
  fields.field(FIELD.destination, 's', destination);
  if (args.length > 0) fields.field(FIELD.signature, 'g', args.map(typeOf).join(''));
  const head = new Writer();
  for (const byte of ['l'.charCodeAt(0), METHOD_CALL, 0, 1]) head.byte(byte);
  for (const word of [body.length, serial, fields.length]) head.word(word);
  return Buffer.concat([head.bytes(), fields.bytes(), Buffer.alloc(-fields.length & 7), body.bytes()]);
}

/**
 * Reads one message.
 *
 * @param take returns the next `length` bytes of the stream
 * @throws RangeError or Error if the message is not valid, or of an unknown type.
 */
export async function readMessage(take: (length: number) => Promise<Buffer>): Promise<BusMessage> {
  const start = await take(16);
  const head = new Reader(start, start[0] === 'l'.charCodeAt(0), 4);
  const [bodyLength, , fieldsLength] = [head.word(), head.word(), head.word()];
  if (bodyLength > MAX_BYTES || fieldsLength > MAX_BYTES)
    throw new Error('a message of the session bus is too large');
  const rest = await take(fieldsLength + (-fieldsLength & 7) + bodyLength);

  const fields = new Reader(rest.subarray(0, fieldsLength), head.littleEndian);
  const found = new Map<number, BusValue>();
  while (fields.at < fieldsLength) {
    fields.align(8);
    found.set(fields.byte(), fields.variant());
  }
  const replyTo = found.get(FIELD.replySerial);
  const error = found.get(FIELD.error);
  const sender = found.get(FIELD.sender);
  const body = new Reader(rest.subarray(rest.length - bodyLength), head.littleEndian);
  return {
    replyTo: typeof replyTo === 'number' ? replyTo : undefined,
    ...(typeof sender === 'string' ? { sender } : {}),
    error: error === undefined ? undefined : String(error),
    // Only responses are decoded: signals have types that are not supported here.
    values: replyTo === undefined ? [] : typesOf(found.get(FIELD.signature)).map((type) => body.value(type)),
  };
}

/** Splits a signature into complete types. It does not support nested structures. */
function typesOf(signature: BusValue | undefined): string[] {
  return String(signature ?? '').match(/a?(?:\{[^}]*\}|\([^)]*\)|.)/g) ?? [];
}

function typeOf(argument: BusArgument): string {
  if (typeof argument === 'string') return 's';
  return isTagged(argument) ? argument[0].charAt(0) : 'a{ss}';
}

function isTagged(argument: BusArgument): argument is readonly ['object' | 'variant', string] {
  return Array.isArray(argument);
}

class Writer {
  #bytes: number[] = [];

  get length(): number {
    return this.#bytes.length;
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  byte(value: number): void {
    this.#bytes.push(value);
  }

  align(size: number): void {
    while (this.#bytes.length % size !== 0) this.byte(0);
  }

  word(value: number): void {
    this.align(4);
    for (const shift of [0, 8, 16, 24]) this.byte((value >>> shift) & 0xff);
  }

  text(value: string): void {
    const bytes = Buffer.from(value);
    this.word(bytes.length);
    this.#bytes.push(...bytes, 0);
  }

  signature(value: string): void {
    this.#bytes.push(value.length, ...Buffer.from(value), 0);
  }

  field(code: number, type: 'o' | 's' | 'g', value: string): void {
    this.align(8);
    this.byte(code);
    this.signature(type);
    type === 'g' ? this.signature(value) : this.text(value);
  }

  argument(value: BusArgument): void {
    if (typeof value === 'string') this.text(value);
    else if (!isTagged(value)) this.dictionary(value);
    else {
      if (value[0] === 'variant') this.signature('s');
      this.text(value[1]);
    }
  }

  dictionary(value: Readonly<Record<string, string>>): void {
    const entries = new Writer();
    for (const [name, text] of Object.entries(value)) {
      entries.align(8);
      entries.text(name);
      entries.text(text);
    }
    this.word(entries.length);
    this.align(8);
    this.#bytes.push(...entries.bytes());
  }
}

class Reader {
  readonly littleEndian: boolean;
  readonly #view: DataView;
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, littleEndian: boolean, at = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.littleEndian = littleEndian;
    this.at = at;
  }

  align(size: number): void {
    this.at += -this.at & (size - 1);
  }

  byte(): number {
    return this.#view.getUint8(this.at++);
  }

  word(): number {
    this.align(4);
    this.at += 4;
    return this.#view.getUint32(this.at - 4, this.littleEndian);
  }

  variant(): BusValue {
    return this.value(this.#text(this.byte()));
  }

  value(type: string): BusValue {
    if (type.startsWith('(')) {
      this.align(8);
      return typesOf(type.slice(1, -1)).map((field) => this.value(field));
    }
    switch (type) {
      case 'b':
        return this.word() !== 0;
      case 'u':
        return this.word();
      case 's':
      case 'o':
        return this.#text(this.word());
      case 'g':
        return this.#text(this.byte());
      case 'v':
        return this.variant();
      case 'ay':
        return this.#blob(this.word());
      case 'as':
      case 'ao':
        return this.#texts();
      case 'a{ss}':
        return this.#dictionary();
      default:
        throw new Error('the session bus responded with an unknown type');
    }
  }

  /** Reads a string and the zero byte after it. */
  #text(length: number): string {
    const start = this.at;
    this.at += length + 1;
    if (this.at > this.#bytes.length) throw new RangeError('a message of the session bus ends early');
    return this.#bytes.toString('utf8', start, start + length);
  }

  #blob(length: number): Buffer {
    const start = this.at;
    this.at += length;
    if (this.at > this.#bytes.length) throw new RangeError('a message of the session bus ends early');
    return this.#bytes.subarray(start, this.at);
  }

  #dictionary(): Record<string, string> {
    const length = this.word();
    this.align(8);
    const end = this.at + length;
    const entries: [string, string][] = [];
    while (this.at < end) {
      this.align(8);
      entries.push([this.#text(this.word()), this.#text(this.word())]);
    }
    return Object.fromEntries(entries);
  }

  #texts(): string[] {
    const length = this.word();
    const end = this.at + length;
    const texts: string[] = [];
    while (this.at < end) texts.push(this.#text(this.word()));
    return texts;
  }
}
