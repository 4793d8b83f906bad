/** `char`: a string of one Unicode scalar value. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { trap } from '../trap.ts';
import type { ValueType } from './value-type.ts';

/** The scalar value of a checked char. Spec: `char_to_i32`. */
export function char(value: unknown, at: string): number {
  if (typeof value === 'string' && value.length === 1) {
    const unit = value.charCodeAt(0);
    if ((unit & 0xf800) !== 0xd800) return unit;
  }
  return wideChar(value, at);
}

/** Spec: `convert_i32_to_char`. */
export function liftChar(core: number): string {
  if (core >>> 0 >= 0x110000 || (core & 0xfffff800) === 0xd800) badCode(core);
  return core < 0x10000 ? String.fromCharCode(core) : String.fromCodePoint(core);
}

export function loadChar(cx: ComponentInstance, p: number): string {
  return liftChar(cx.u32[p >>> 2]!);
}

export function storeChar(cx: ComponentInstance, p: number, code: number): void {
  cx.u32[p >>> 2] = code;
}

function wideChar(value: unknown, at: string): number {
  const code = typeof value === 'string' && value.length === 2 ? value.codePointAt(0)! : 0;
  return code > 0xffff ? code : bad(value, 'char (a string of one Unicode scalar value)', at);
}

function badCode(core: number): never {
  trap(`char value 0x${(core >>> 0).toString(16)} is not a Unicode scalar value`);
}

/** `char` as a descriptor. */
export const charType: ValueType<string> = {
  kind: 'char',
  size: 4,
  alignment: 4,
  flat: ['i32'],
  load: loadChar,
  store: (cx, p, value, at) => storeChar(cx, p, char(value, at)),
  lift: (_, values) => liftChar(values.number()),
  lower: (_, value, out, at) => void out.push(char(value, at)),
};
