/** `wasi:http/types`: headers and trailers. */
import type { ComponentError } from '@wittle/runtime';
import type { FieldName, FieldValue, HeaderError } from '../../generated/imports/wasi/http/types.ts';
import { answer } from '../../host/answer.ts';
import { WasiTrap } from '../../host/trap.ts';

/** Those of a connection, which the host makes itself, and of authentication to proxies. */
const forbidden: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Names and values together, and {@link fieldOverhead} for each; what a guest adds beyond traps, for there is no error
 * value for it.
 */
export const maxFieldsSize: number = 128 * 1024;
/** What a field costs beside its name and value. RFC 9113, section 6.5.2. */
export const fieldOverhead = 32;

/** RFC 9110: `token`. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What must be dropped before something else: headers before their request, streams before their body. */
export interface ChildOwner {
  children: number;
}

/** Traps when something is dropped or given away while a child of it lives. */
export function requireNoChildren(owner: ChildOwner, what: string): void {
  if (owner.children > 0)
    throw new WasiTrap(`wasi:http/types.${what} dropped or given away while a child of it lives`);
}

/** WIT: `resource fields`. Functions throw `ComponentError<HeaderError>`. */
export class Fields {
  #entries: (readonly [name: string, value: Uint8Array])[] = [];
  #size = 0;
  #mutable = true;
  #owner: ChildOwner | undefined;

  static fromList(entries: readonly (readonly [FieldName, FieldValue])[]): Fields {
    const fields = new Fields();
    for (const [name, value] of entries) fields.append(name, value);
    return fields;
  }

  /** What arrived with Node's raw headers: names and values in turns. Those that guests may not see are left out. */
  static received(raw: readonly string[], owner?: ChildOwner): Fields {
    const fields = new Fields();
    for (let index = 0; index + 1 < raw.length; index += 2) {
      const name = raw[index]!;
      if (forbidden.has(name.toLowerCase())) continue;
      const value = Buffer.from(raw[index + 1]!, 'latin1');
      fields.#entries.push([name, value]);
      fields.#size += sizeOf(name, value);
    }
    return fields.#sealed(owner);
  }

  /** The same fields, read-only, as a child of what they belong to. */
  shared(owner: ChildOwner): Fields {
    const fields = new Fields();
    fields.#entries = this.#entries;
    fields.#size = this.#size;
    return fields.#sealed(owner);
  }

  get(name: FieldName): Uint8Array[] {
    const wanted = name.toLowerCase();
    return this.#entries.flatMap(([each, value]) => (each.toLowerCase() === wanted ? [value] : []));
  }

  has(name: FieldName): boolean {
    const wanted = name.toLowerCase();
    return this.#entries.some(([each]) => each.toLowerCase() === wanted);
  }

  set(name: FieldName, values: readonly FieldValue[]): void {
    this.#mayChange(name);
    for (const value of values) requireValue(value);
    this.#remove(name);
    for (const value of values) this.#add(name, value);
  }

  delete(name: FieldName): void {
    this.#mayChange(name);
    this.#remove(name);
  }

  append(name: FieldName, value: FieldValue): void {
    this.#mayChange(name);
    requireValue(value);
    this.#add(name, value);
  }

  entries(): [FieldName, FieldValue][] {
    return this.#entries.map(([name, value]) => [name, value]);
  }

  clone(): Fields {
    const fields = new Fields();
    fields.#entries = [...this.#entries];
    fields.#size = this.#size;
    return fields;
  }

  /** As Node takes them: names and values in turns. */
  raw(): string[] {
    return this.#entries.flatMap(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
  }

  /** Can no longer be changed: what it belongs to is made or sent. */
  seal(): this {
    this.#mutable = false;
    return this;
  }

  [Symbol.dispose](): void {
    if (this.#owner !== undefined) this.#owner.children--;
    this.#owner = undefined;
  }

  #sealed(owner: ChildOwner | undefined): Fields {
    if (owner !== undefined) owner.children++;
    this.#owner = owner;
    return this.seal();
  }

  #mayChange(name: string): void {
    if (!this.#mutable) throw headerError('immutable');
    if (!token.test(name)) throw headerError('invalid-syntax');
    if (forbidden.has(name.toLowerCase())) throw headerError('forbidden');
  }

  #add(name: string, value: Uint8Array): void {
    this.#size += sizeOf(name, value);
    if (this.#size > maxFieldsSize) {
      throw new WasiTrap(
        `wasi:http/types.fields: the total size of the fields exceeds the limit of ${maxFieldsSize} bytes`,
      );
    }
    // What the guest gave may be lent.
    this.#entries.push([name, value.slice()]);
  }

  #remove(name: string): void {
    const removed = name.toLowerCase();
    this.#entries = this.#entries.filter(([each, value]) => {
      if (each.toLowerCase() !== removed) return true;
      this.#size -= sizeOf(each, value);
      return false;
    });
  }
}

function sizeOf(name: string, value: Uint8Array): number {
  return name.length + value.length + fieldOverhead;
}

/** RFC 9110: `field-value`; bytes beyond ASCII are taken as they are. */
function requireValue(value: Uint8Array): void {
  for (const byte of value) {
    if ((byte < 0x20 && byte !== 0x09) || byte === 0x7f) throw headerError('invalid-syntax');
  }
}

function headerError(tag: HeaderError['tag']): ComponentError<HeaderError> {
  return answer<HeaderError>({ tag });
}
