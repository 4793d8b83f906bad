/** `char`: a string of one Unicode scalar value. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { trap } from '../trap.ts';
import { leaf, type ValueType } from './value-type.ts';

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
  trap(`invalid \`char\` bit pattern 0x${(core >>> 0).toString(16)}: not a Unicode scalar value`);
}

/** `char` as a descriptor. */
export const charType: ValueType<string> = /* @__PURE__ */ leaf({
  kind: 'char',
  size: 4,
  core: 'i32',
  load: loadChar,
  store: (cx, p, value, at) => storeChar(cx, p, char(value, at)),
  liftCore: (_, core) => liftChar(core as number),
  lowerCore: (_, value, at) => char(value, at),
});
