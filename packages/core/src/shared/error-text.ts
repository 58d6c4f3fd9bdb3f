import { FenceError, isFenceErrorCode, safely } from '../error.js';

/** What an error says, as words of shared memory: UTF-8, closed with zeros. */
export type ErrorText = Int32Array;

/*
 * One error and its causes, three fields each, with a zero between any two:
 *
 *     TypeError 0 ERR_INVALID_ARG_TYPE 0 width must be a number 0 Error 0 0 the reason behind it
 */
const FIELDS = 3;
const SEPARATOR = '\0';
/** Names and codes are words; what is longer is cut. */
const LONGEST_WORD = 40;
/** As deep as causes are followed. */
const DEEPEST = 4;
/** A cause that gets less room than that is left out. */
const LEAST_BYTES = 24;
const CUT = '…';

const utf8 = /* @__PURE__ */ new TextEncoder();
const fromUtf8 = /* @__PURE__ */ new TextDecoder();

/** Those that were made here of what another thread said: what they add is this thread's own. */
const told = /* @__PURE__ */ new WeakSet<FenceError>();

/** The error of a value, made in a thread of what the signalling side said; handed on, only its cause is. */
export function toldError(error: FenceError): FenceError {
  told.add(error);
  return error;
}

/** What an error says, in so many bytes at most; undefined where it says nothing beside its code, or there is no room. */
export function textOf(error: unknown, bytes: number): ErrorText | undefined {
  if (bytes === 0 || typeof error === 'string') return undefined;
  const out = new Uint8Array(Math.ceil(bytes / 4) * 4);
  let length = 0;
  let next: unknown = told.has(error as FenceError) ? fieldOf(error, 'cause') : error;
  for (let depth = 0; depth < DEEPEST && next !== undefined && next !== null; depth++) {
    const fields = fieldsOf(next);
    const head = utf8.encode(
      `${depth === 0 ? '' : SEPARATOR}${fields.name}${SEPARATOR}${fields.code}${SEPARATOR}`,
    );
    const room = out.length - length - head.length;
    if (room < (depth === 0 ? 0 : LEAST_BYTES)) break;
    out.set(head, length);
    length += head.length;
    length += write(out.subarray(length), fields.message);
    next = fieldOf(next, 'cause');
  }
  return length === 0 ? undefined : new Int32Array(out.buffer, 0, Math.ceil(length / 4));
}

/** The error that a text tells of, with its causes. */
export function errorOf(text: ErrorText): Error {
  const bytes = new Uint8Array(text.buffer, text.byteOffset, text.byteLength);
  const fields = fromUtf8.decode(bytes).split(SEPARATOR);
  return remadeFrom(fields, 0);
}

function remadeFrom(fields: readonly string[], at: number): Error {
  const [name = '', code = '', message = '', next = ''] = fields.slice(at);
  // Zeros at the end fill the last word; a name is never empty.
  const cause = next === '' || at >= FIELDS * (DEEPEST - 1) ? undefined : remadeFrom(fields, at + FIELDS);
  return remade(name, code, message, cause);
}

function remade(name: string, code: string, message: string, cause: Error | undefined): Error {
  const options = cause === undefined ? undefined : { cause };
  const isOurs = name === 'FenceError' && isFenceErrorCode(code);
  const error = isOurs ? new FenceError(code, message, options) : new Error(message, options);
  const hidden = (value: string): PropertyDescriptor => ({ value, configurable: true, writable: true });
  if (!isOurs) {
    Object.defineProperty(error, 'name', hidden(name));
    if (code !== '') Object.assign(error, { code });
  }
  // Not that of this thread: it was thrown in another.
  return Object.defineProperty(error, 'stack', hidden(`${name}: ${message}`));
}

/** Anything may be thrown, and may be a cause. */
function fieldsOf(error: unknown): { name: string; code: string; message: string } {
  const string = (key: string): string => {
    const value = fieldOf(error, key);
    return typeof value === 'string' ? value.replaceAll(SEPARATOR, '\ufffd') : '';
  };
  const isObject = Object(error) === error;
  const [name, code] = [string('name'), string('code')].map((word) => word.slice(0, LONGEST_WORD));
  return {
    name: name === '' || name === undefined ? 'Error' : name,
    code: code ?? '',
    message: isObject ? string('message') : String(error).replaceAll(SEPARATOR, '\ufffd'),
  };
}

/** A property of anything; what throws has none. */
function fieldOf(error: unknown, key: string): unknown {
  return safely(() => (error as Record<string, unknown>)[key]);
}

/** Writes a message, whole characters only; where it does not fit, what says so. Returns the bytes written. */
function write(out: Uint8Array, message: string): number {
  // UTF-8 is never shorter than UTF-16 has units: what is behind the room does not fit, and is not worth a look.
  const start = message.slice(0, out.length + 1);
  const { read, written } = utf8.encodeInto(start, out);
  if (read === message.length) return written;
  const mark = utf8.encode(CUT);
  if (out.length < mark.length) return written;
  const kept = utf8.encodeInto(start, out.subarray(0, out.length - mark.length)).written;
  out.fill(0, kept).set(mark, kept);
  return kept + mark.length;
}
